/** The page's side of the worker: registers it, offers a new version when nothing can be lost, or takes it away.
 *
 *  register({off, offer})   offer(update): called when a new version is ready; update() starts it and loads the page
 *                           anew, once, and refuses (false) while a form holds what is not saved
 *  dirty                    a Set: whoever holds unsaved words puts something in, and takes it out
 */

const HALF_A_DAY = 12 * 60 * 60 * 1000;

/** @type {Set<unknown>} */
export const dirty = new Set();

/** @param {{off: boolean, offer: (update: () => boolean) => void}} how */
export async function register({ off, offer }) {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  if (off) {
    const found = await workers.getRegistration("/");
    await found?.update().catch(() => {});
    await found?.unregister();
    return;
  }
  let registration;
  try {
    registration = await workers.register("/sw.js", { scope: "/", updateViaCache: "none" });
  } catch {
    return; // no network, or a new version that did not come whole: the one that is here goes on
  }
  if (!registration) return; // a browser that is told to have none
  setInterval(() => registration.update().catch(() => {}), HALF_A_DAY);
  const look = () => {
    const { waiting } = registration;
    if (waiting && registration.active) offer(() => start(waiting));
  };
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => { if (coming.state === "installed") look(); });
  });
  look();
}

/** @param {ServiceWorker} waiting @returns {boolean} */
function start(waiting) {
  if (dirty.size) return false;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  waiting.postMessage("activate");
  return true;
}
