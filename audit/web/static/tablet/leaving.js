/** On to another page: first everything is on this tablet's disk, then, with a network, the server may catch up. */

import * as outbox from "./outbox.js";

const CATCH_UP = 700;

/** @param {import("./visit.js").Visit} visit @param {string} address */
export async function leave(visit, address) {
  await visit.settled();
  if (navigator.onLine && waits()) {
    outbox.sendNow();
    await Promise.race([sent(), new Promise((resolve) => setTimeout(resolve, CATCH_UP))]);
  }
  location.assign(address);
}

const waits = () => outbox.status.now.waiting + outbox.status.now.photos > 0;

/** The next page is drawn by the server: it had better know what was tapped last. */
const sent = () =>
  new Promise((resolve) => {
    const look = () => { if (!waits()) resolve(undefined); };
    outbox.status.addEventListener("status", look);
    look();
  });
