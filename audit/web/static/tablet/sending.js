/** Sending: one try at a time in all tabs, operations in order, photos apart, and back-off when nobody answers. */

import { REVISED, next, sent } from "./batches.js";
import { hash } from "./hash.js";
import { say } from "./engine/tongue.js";
import { refresh } from "./news.js";
import { channel, link, status, tell, update, version } from "./state.js";
import * as store from "./store.js";
import { setApart, settle } from "./verdicts.js";
import { ask } from "./wire.js";

/** @typedef {import("./store.js").Op} Op */

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 300_000;
const SPREAD = 0.2;
const BY_CONTENT = new Set([400, 413, 422]);

let tries = 0;
/** @type {Promise<void> | undefined} */
let running;
let again = false;
let forced = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Send at once. Fulfilled when the try is over; what came of it is in status.now. @returns {Promise<void>} */
export function sendNow() {
  tries = 0;
  forced = true;
  clearTimeout(timer);
  return send();
}

/** Soon: not before a back-off is over, and not while nobody may send. */
export function soon() {
  if (tries === 0 && link.reached !== "signed-out" && link.reached !== "too-old") send();
}

/** One try at a time; asked for during another, it follows that one. @returns {Promise<void>} */
function send() {
  again = true;
  running ??= sendUntilCalm().finally(() => { running = undefined; });
  return running;
}

async function sendUntilCalm() {
  try {
    do {
      again = forced = false;
      await alone(sendAll);
    } while (forced || (again && link.reached === "idle"));
  } catch (fault) {
    link.reached = "storage-failed";
    console.error(fault);
  }
  channel?.postMessage({ name: "reached", detail: link.reached });
  await update();
  plan();
}

/** @param {() => Promise<void>} work */
const alone = (work) => navigator.locks ? navigator.locks.request("clinic-audit-send", work) : work();

let wait = 0;
function plan() {
  clearTimeout(timer);
  const { waiting, photos } = status.now;
  if (!waiting && !photos) { tries = 0; return; }
  if (link.reached === "signed-out" || link.reached === "too-old") return;
  tries += 1;
  const backOff = Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT) * (1 - SPREAD + 2 * SPREAD * Math.random());
  timer = setTimeout(send, Math.max(backOff, wait * 1000 * (1 + SPREAD * Math.random())));
}

/** Everything that may go, in order: operations first, a photo's only after the photo. */
async function sendAll() {
  wait = 0;
  const who = store.person();
  // Somebody else may have signed in on this tablet, in another tab: what waits here is not theirs to send.
  if (!who || (await store.note("person"))?.id !== who.id) { link.reached = "signed-out"; return; }
  let moved = await sendOps();
  for (const photo of moved ? await store.waitingPhotos() : []) {
    moved = await sendPhoto(photo) && await sendOps();
    if (!moved) return;
  }
  if (moved) link.reached = "idle";
}

/** True while the server answers. @returns {Promise<boolean>} */
async function sendOps() {
  for (;;) {
    const batch = next(await store.waitingOps(), new Set((await store.waitingPhotos()).map((one) => one.sha256)));
    if (!batch.length) return true;
    link.reached = "sending";
    update();
    if (!(await sendBatch(batch))) return false;
  }
}

/** @param {Op[]} batch @returns {Promise<boolean>} */
async function sendBatch(batch) {
  const visit = batch[0].inspection;
  const answer = await ask("POST", `/api/v1/inspections/${visit}/ops`, {
    json: {
      device_id: await store.device(), app_version: await version(), sent_at: new Date().toISOString(),
      ops: batch.map(sent),
    },
  });
  if (answer.kind === "refused") return refused(batch, answer);
  if (!heard(answer)) return false;
  const results = Array.isArray(answer.body.results) ? answer.body.results : [];
  const verdicts = new Map(results.map((/** @type {any} */ one) => [one?.op_id, one]));
  if (!batch.some((op) => verdicts.has(op.op_id))) { link.reached = "offline"; return false; } // a stranger's 200
  await settle(batch, verdicts, answer.body.server_time);
  // What another may have changed meanwhile is only known after asking.
  const unsure = results.some((/** @type {any} */ one) => one?.status === "conflict" || one?.status === "duplicate");
  if (unsure || batch.some((op) => op.kind === "resolve")) await refresh(visit);
  return true;
}

/** The envelope was refused. Its content: never all for the sake of one. Its visit: all of them, with the sentence.
 *
 * @param {Op[]} batch @param {import("./wire.js").Answer} answer @returns {Promise<boolean>}
 */
async function refused(batch, answer) {
  if (batch.length > 1 && BY_CONTENT.has(answer.status)) {
    const half = Math.ceil(batch.length / 2);
    return await sendBatch(batch.slice(0, half)) && await sendBatch(batch.slice(half));
  }
  await settle(batch, new Map(batch.map((op) => [op.op_id, { status: "rejected", words: answer.words }])));
  return true;
}

/** What kind of answer came; true when the server took the question. @param {import("./wire.js").Answer} answer */
function heard(answer) {
  if (answer.kind === "ok") return true;
  wait = answer.after;
  link.reached = answer.kind === "busy" ? "offline" : answer.kind;
  return false;
}

/** True when the photo is out of the way: at the server, or set apart with its reason. @param {any} photo */
async function sendPhoto(photo) {
  link.reached = "sending";
  update();
  if ((await hash(photo.bytes)) !== photo.sha256) {
    await setApart(photo, say("This photo was damaged on this tablet. Take it again."));
    return true;
  }
  const address = `/api/v1/photos/${photo.sha256}?inspection=${photo.inspection}`;
  const answer = await ask("PUT", address, {
    bytes: photo.bytes, type: photo.type, seconds: 120,
    headers: { "X-Photo-Claims": JSON.stringify(claimed(photo.claims)) },
  });
  if (answer.kind === "refused") { await setApart(photo, answer.words); return true; }
  if (!heard(answer)) return false;
  if (answer.body.sha256 !== photo.sha256 || answer.body.size !== photo.bytes.byteLength) {
    link.reached = "offline";
    return false;
  }
  const { bytes: _bytes, waiting: _waiting, ...rest } = photo;
  await store.transact(["photos"], "readwrite", (shelf) => store.done(shelf("photos").put({ ...rest, sent: true })));
  tell("changed", { visit: photo.inspection, keys: [], why: "sent" });
  return true;
}

/** Places are numbers on the wire. @param {any} claims */
function claimed({ latitude, longitude, ...rest } = {}) {
  return latitude === undefined ? rest : { ...rest, latitude: Number(latitude), longitude: Number(longitude) };
}

/** Another tab told what its try came to. @param {string} reached */
export const heardOf = (reached) => { if (!running) link.reached = reached; };

export const rest = () => clearTimeout(timer);
