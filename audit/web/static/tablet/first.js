/** The only module that a page loads at once. The others come when the page is painted and the browser has time, or at
 *  the first touch; what is entered until then is remembered and given to them.
 *
 *  entered() -> the fields that were changed before anybody listened; from now on nothing is remembered
 */

const PATIENCE = 1000; // milliseconds that a busy browser may take
const TOUCHES = ["pointerdown", "keydown"];

/** @type {Set<HTMLInputElement>} */
const fields = new Set();
const remember = (/** @type {Event} */ event) => { fields.add(/** @type {HTMLInputElement} */ (event.target)); };

/** @returns {HTMLInputElement[]} */
export function entered() {
  for (const kind of ["input", "change"]) document.removeEventListener(kind, remember, true);
  return [...fields];
}

/** @type {Promise<any> | undefined} */
let begun;
function begin() {
  for (const touch of TOUCHES) document.removeEventListener(touch, begin, true);
  begun ??= document.querySelector("[data-pages]") ? import("./pages.js") : import("./boot.js");
  return begun;
}

/** Nobody signs out before it is known whether anything waits. @param {Event} event */
async function hold(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (new URL(form.action, location.href).pathname !== "/sign-out") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { ready } = await import("./boot.js");
  await ready;
  document.removeEventListener("submit", hold, true);
  form.requestSubmit();
}

for (const kind of ["input", "change"]) document.addEventListener(kind, remember, true);
for (const touch of TOUCHES) document.addEventListener(touch, begin, true);
document.addEventListener("submit", hold, true);
if (document.visibilityState === "hidden" || !globalThis.requestIdleCallback) setTimeout(begin, PATIENCE / 5);
else requestAnimationFrame(() => requestIdleCallback(begin, { timeout: PATIENCE }));
