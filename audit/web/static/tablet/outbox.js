/** The outbox: each act is one operation, and none leaves this tablet before the server has named it.
 *
 *  give(visit, {kind, item?, person?, value})  -> Promise<{op_id, device_seq, client_time}>
 *      Fulfilled once the operation is on this tablet's disk ("saved on this tablet"); rejected when it is NOT saved.
 *  giveAll(visit, acts)                        the same for several acts that belong together: all or none
 *  sendNow()                                   send at once, whatever the back-off says
 *  refresh(visit)                              bring in what changed at the server; true when it answered
 *  watch(visit) -> stop()                      refresh it every 15 seconds while the page is looked at
 *  retry(...op_ids), setAside(op_id)           what needs attention: send it again; take it off the list
 *                                              (only what a rescue file holds, see rescue.js)
 *  start(), stop()                             by boot.js
 *
 *  status: EventTarget with the current state in status.now, events:
 *      "status"   {phase, waiting, photos, attention, others, words}
 *                 phase: idle | sending | offline | signed-out | attention | storage-failed | too-old
 *      "changed"  {visit, keys: [keyOf(item, person)…], why: "given" | "sent" | "server"}; keys may be empty
 *      "verdict"  {visit, op, status, words}   one for each operation that the server has named
 *
 *  All of it works in several tabs: one sends at a time (a Web Lock), all hear of it (a BroadcastChannel).
 */

import { heardOf, rest, sendNow } from "./sending.js";
import { channel, link, status, tell, update } from "./state.js";

export { retry, setAside } from "./attention.js";
export { next, sent } from "./batches.js";
export { give, giveAll } from "./giving.js";
export { hash } from "./hash.js";
export { refresh, watch } from "./news.js";
export { version } from "./state.js";
export { sendNow, status, update };

/** @typedef {import("./giving.js").Act} Act */

channel?.addEventListener("message", ({ data }) => {
  if (data?.name === "changed" || data?.name === "verdict") tell(data.name, data.detail, false);
  if (data?.name === "reached") heardOf(data.detail);
  if (data?.name === "signed-in" && link.reached === "signed-out") sendNow();
  update();
});

/** Begin: count, send what waits, and send again whenever there may be a network. @param {string} [ownBuild] */
export async function start(ownBuild = "") {
  link.build = ownBuild;
  addEventListener("online", wake);
  addEventListener("offline", update);
  document.addEventListener("visibilitychange", onLook);
  channel?.postMessage({ name: "signed-in" });
  await update();
  if (status.now.waiting + status.now.photos) await sendNow();
}

const wake = () => { update(); sendNow(); };
const onLook = () => { if (document.visibilityState === "visible" && status.now.waiting + status.now.photos) sendNow(); };

export function stop() {
  removeEventListener("online", wake);
  removeEventListener("offline", update);
  document.removeEventListener("visibilitychange", onLook);
  rest();
}
