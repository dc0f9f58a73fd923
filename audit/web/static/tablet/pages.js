/** The pages that the server drew come alive here, when this browser can keep what is tapped. Where it cannot, nothing
 *  happens and they go on as ordinary forms.
 */

import { ready } from "./boot.js";
import { caughtUp } from "./leaving.js";
import * as store from "./store.js";

const PATIENCE = 3000;

/** Does anything about this visit wait on this tablet? @param {string} id */
async function waits(id) {
  const found = [...(await store.waitingOps()), ...(await store.waitingPhotos())];
  return found.some((one) => one.inspection === id);
}

/** Did the server learn something from this tablet after it was asked for this page? @param {string} id */
async function outdated(id) {
  const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  // Once is enough: a clock that was put back must not load a page for ever.
  return page.type !== "reload" && await store.sentAt(id) > performance.timeOrigin + page.requestStart;
}

/** The server drew a page without knowing what waits here: it is drawn anew, by whoever knows. @param {string} id */
async function anew(id) {
  // A visit that never reached the server has no page there: nobody is shown for seconds that there is nothing.
  if (!document.querySelector("main .trouble")) {
    await caughtUp(PATIENCE);
    if (!(await waits(id))) { location.reload(); return; }
  }
  const page = (await globalThis.caches?.match("/tablet")) ?? (await fetch("/tablet"));
  const shell = new DOMParser().parseFromString(await page.text(), "text/html");
  document.head.append(...shell.querySelectorAll("template"));
  const { begin } = await import("./shell.js");
  await begin(/** @type {HTMLElement} */ (document.getElementById("main")));
}

const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-section]"));
const coming = form && import("./alive.js"); // while the storage is being opened
const { works, person } = await ready;
if (works && person) {
  const [, visit] = location.pathname.match(/^\/visits\/([0-9a-f-]{36})(?:\/|$)/) ?? [];
  const take = /** @type {HTMLElement | null} */ (document.querySelector("[data-take]"));
  if (take) await (await import("./places.js")).offerToTake(take, take.dataset.take ?? "");
  else if (form) await (await coming)?.section(form);
  else if (visit && await waits(visit)) await anew(visit);
  else if (visit && await outdated(visit)) location.reload();
}
