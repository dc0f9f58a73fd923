/** On to another page: first everything is on this tablet's disk, then, with a network, the server may catch up. */

import { say } from "./engine/tongue.js";
import * as outbox from "./outbox.js";

const CATCH_UP = 700;

const waits = () => outbox.status.now.waiting + outbox.status.now.photos > 0;

/** @param {import("./visit.js").Visit} visit @param {string} address */
export async function leave(visit, address) {
  await visit.settled();
  // The next page is drawn by the server: it had better know what was tapped last.
  if (navigator.onLine && waits()) await caughtUp(CATCH_UP);
  location.assign(address);
}

/** Sends what waits; over when all is sent, or after so many milliseconds. @param {number} patience */
export async function caughtUp(patience) {
  outbox.sendNow();
  const over = new Promise((resolve) => setTimeout(resolve, patience));
  const sent = new Promise((resolve) => {
    const look = () => { if (!waits()) resolve(undefined); };
    outbox.status.addEventListener("status", look);
    outbox.update().then(look);
  });
  await Promise.race([sent, over]);
}

/** Everything is saved at once here, so the buttons of a section only name the way. @param {HTMLFormElement} form @param {Element} bar */
export function leadOn(form, bar) {
  const [, following] = form.dataset.next?.match(/\/sections\/(.+)$/) ?? [];
  const letter = following && form.querySelector(`.rail [value="${CSS.escape(`section:${following}`)}"] b`)?.textContent;
  const name = (/** @type {string} */ value, /** @type {string} */ words) => {
    const button = bar.querySelector(`[value=${value}]`);
    if (button) button.textContent = words;
  };
  name("hub", say("Overview"));
  name("next", letter ? say("Go on to {section}", { section: letter }) : say("Check answers"));
}
