/** Small helpers to make and fill elements. Text is always text, never markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag `p`, or with classes: `p.small.quiet`
 * @param {Record<string, any>} [having] attributes; `on…` are listeners, false and null leave one out
 * @param {...(Node | string | null | undefined | false)} inside
 * @returns {HTMLElement}
 */
export function make(tag, having = {}, ...inside) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(having)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (inside.filter((one) => one || one === "")));
  return element;
}

/** @param {string} name of a symbol on the page @param {string} [className] */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("width", "20");
  svg.setAttribute("height", "20");
  if (className) svg.setAttribute("class", className);
  const use = svg.appendChild(document.createElementNS(SVG, "use"));
  use.setAttribute("href", `#${name}`);
  return svg;
}

/** @param {string} name @param {Record<string, string | number>} having */
export function shape(name, having) {
  const one = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(having)) one.setAttribute(key, String(value));
  return one;
}

/** A mark as its shape and letters. @param {string | null} mark @param {string} [words] */
export const markOf = (mark, words) => make(`span.mark.k-${mark || "none"}`, {}, icon(`m-${mark || "none"}`), words ?? mark ?? "");

/** @param {Element} element @param {...(Node | string | null | undefined | false)} inside */
export const fill = (element, ...inside) =>
  element.replaceChildren(.../** @type {(Node | string)[]} */ (inside.filter((one) => one || one === "")));

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A copy of what a `template` element of the page holds. @param {string} id @returns {HTMLElement} */
export function drawn(id) {
  const found = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (found.content.firstElementChild?.cloneNode(true));
}

/** Puts texts where `data-t` names them, addresses where `data-href` does. @param {ParentNode} root @param {Record<string, any>} values */
export function put(root, values) {
  for (const place of root.querySelectorAll("[data-t]")) {
    const name = /** @type {HTMLElement} */ (place).dataset.t ?? "";
    if (name in values) fill(place, values[name] ?? "");
  }
  for (const place of root.querySelectorAll("[data-href]")) {
    const name = /** @type {HTMLElement} */ (place).dataset.href ?? "";
    if (name in values) place.setAttribute("href", values[name]);
  }
  return root;
}

/** A pause in long work, so that a tap is heard at once. @returns {Promise<void>} */
export const breath = () => /** @type {any} */ (globalThis).scheduler?.yield?.() ?? new Promise((resolve) => { setTimeout(resolve, 0); });

/** Until what was changed is drawn, so that each step's drawing is as short as the step. @returns {Promise<void>} */
export const frame = () => new Promise((resolve) => {
  const over = () => setTimeout(resolve, 0);
  if (document.visibilityState === "visible") requestAnimationFrame(over);
  setTimeout(resolve, 100); // frames may be rare, and none come to a page that nobody sees
});

/** Nothing else is to be done just now. @returns {Promise<void>} */
export const idle = () => new Promise((resolve) => {
  if (globalThis.requestIdleCallback) requestIdleCallback(() => resolve(), { timeout: 2000 });
  else setTimeout(resolve, 200);
});
