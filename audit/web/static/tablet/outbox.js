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

import { keyOf } from "./engine/checklists.js";
import { say, several } from "./engine/tongue.js";
import { applied } from "./overlay.js";
import * as store from "./store.js";
import { ask } from "./wire.js";

/** @typedef {import("./store.js").Op} Op */
/** @typedef {(name: string) => IDBObjectStore} Shelf */
/** @typedef {{kind: string, item?: string, person?: string | null, value: any, photo?: string}} Act */

const MOST_OPS = 200;
const MOST_LETTERS = 700_000; // of JSON; a letter is at most four bytes in what people write, the limit is 1 MB
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 300_000;
const SPREAD = 0.2;
const WATCH = 15_000;
const REVISED = new Set(["answer", "resolve"]);
const BY_CONTENT = new Set([400, 413, 422]);
const TAKEN = new Set(["applied", "same", "duplicate"]);

const channel = globalThis.BroadcastChannel ? new BroadcastChannel("clinic-audit") : undefined;

class Status extends EventTarget {
  now = { phase: "idle", waiting: 0, photos: 0, attention: 0, others: 0, words: "", short: "" };
}
export const status = new Status();

/** What the last try came to. @type {string} */
let reached = "idle";
let build = "";
let tries = 0;
/** @type {Promise<void> | undefined} */
let running;
let again = false;
let forced = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** @param {string} name @param {any} detail */
const tell = (name, detail, elsewhere = true) => {
  status.dispatchEvent(new CustomEvent(name, { detail }));
  if (elsewhere) channel?.postMessage({ name, detail });
};

channel?.addEventListener("message", ({ data }) => {
  if (data?.name === "changed" || data?.name === "verdict") tell(data.name, data.detail, false);
  if (data?.name === "reached" && !running) reached = data.detail;
  if (data?.name === "signed-in" && reached === "signed-out") sendNow();
  update();
});

// --- giving ------------------------------------------------------------------------------------------------

/** @param {string} visit @param {Act} act */
export const give = async (visit, act) => (await giveAll(visit, [act]))[0];

/**
 * @param {string} visit @param {Act[]} acts
 * @param {{names: string[], write: (shelf: (name: string) => IDBObjectStore) => void}} [beside] goes into the same transaction
 * @returns {Promise<{op_id: string, device_seq: number, client_time: string}[]>}
 */
export async function giveAll(visit, acts, beside) {
  const author = store.person()?.id;
  if (!author) throw new DOMException("nobody is signed in", "NotAllowedError");
  const client_time = new Date().toISOString();
  const drafts = acts.map((act) => ({
    op_id: crypto.randomUUID(), author, inspection: visit, item: act.item ?? "", person: act.person ?? "",
    kind: act.kind, value: JSON.parse(JSON.stringify(act.value ?? null)), client_time, ...(act.photo ? { photo: act.photo } : {}),
  }));
  const names = ["ops", "meta", "answers", "visits", ...(beside?.names ?? [])];
  let given;
  try {
    given = await store.transact(names, "readwrite", async (shelf) => {
      beside?.write(shelf);
      let seq = (await store.done(shelf("meta").get("seq"))) ?? 0;
      const rows = [];
      for (const draft of drafts) {
        seq += 1;
        const op = { ...draft, device_seq: seq, base_rev: await baseOf(shelf, draft) };
        shelf("ops").add(op);
        rows.push(op);
      }
      shelf("meta").put(seq, "seq");
      return rows;
    });
  } catch (fault) {
    reached = "storage-failed";
    update();
    throw fault;
  }
  if (reached === "storage-failed") reached = "idle";
  tell("changed", { visit, keys: given.map((op) => keyOf(op.item, op.person)), why: "given" });
  update();
  soon();
  return given.map(({ op_id, device_seq }) => ({ op_id, device_seq, client_time }));
}

/** The revision an act was made on: of what waits for the same answer, else of what the server said. */
async function baseOf(/** @type {Shelf} */ shelf, /** @type {any} */ draft) {
  if (!REVISED.has(draft.kind)) return 0;
  const key = [draft.author, draft.inspection, draft.item, draft.person];
  const before = (await store.done(shelf("ops").index("key").getAll(key))).filter((op) => REVISED.has(op.kind));
  if (before.length) return before[before.length - 1].base_rev;
  return (await store.done(shelf("answers").get(key)))?.rev ?? 0;
}

// --- sending -----------------------------------------------------------------------------------------------

/** Send at once. Fulfilled when the try is over; what came of it is in status.now. @returns {Promise<void>} */
export function sendNow() {
  tries = 0;
  forced = true;
  clearTimeout(timer);
  return send();
}

/** Soon: not before a back-off is over, and not while nobody may send. */
function soon() {
  if (tries === 0 && reached !== "signed-out" && reached !== "too-old") send();
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
    } while (forced || (again && reached === "idle"));
  } catch (fault) {
    reached = "storage-failed";
    console.error(fault);
  }
  channel?.postMessage({ name: "reached", detail: reached });
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
  if (reached === "signed-out" || reached === "too-old") return;
  tries += 1;
  const backOff = Math.min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT) * (1 - SPREAD + 2 * SPREAD * Math.random());
  timer = setTimeout(send, Math.max(backOff, wait * 1000 * (1 + SPREAD * Math.random())));
}

/** Everything that may go, in order: operations first, a photo's only after the photo. */
async function sendAll() {
  wait = 0;
  const who = store.person();
  // Somebody else may have signed in on this tablet, in another tab: what waits here is not theirs to send.
  if (!who || (await store.note("person"))?.id !== who.id) { reached = "signed-out"; return; }
  let moved = await sendOps();
  for (const photo of moved ? await store.waitingPhotos() : []) {
    moved = await sendPhoto(photo) && await sendOps();
    if (!moved) return;
  }
  if (moved) reached = "idle";
}

/** True while the server answers. @returns {Promise<boolean>} */
async function sendOps() {
  for (;;) {
    const batch = next(await store.waitingOps(), new Set((await store.waitingPhotos()).map((one) => one.sha256)));
    if (!batch.length) return true;
    reached = "sending";
    update();
    if (!(await sendBatch(batch))) return false;
  }
}

/**
 * The operations that may go now: of one visit, one for each answer (the next one needs the revision this one gets),
 * none before its photo, and no signature before all that it covers.
 *
 * @param {Op[]} ops in the order they were given @param {Set<string>} photos that have not arrived
 * @returns {Op[]}
 */
export function next(ops, photos) {
  for (const visit of new Set(ops.map((op) => op.inspection))) {
    const batch = batchOf(ops.filter((op) => op.inspection === visit), photos);
    if (batch.length) return batch;
  }
  return [];
}

/** @param {Op[]} ops @param {Set<string>} photos @returns {Op[]} */
function batchOf(ops, photos) {
  const batch = [];
  const taken = new Set();
  let held = false;
  let letters = 0;
  for (const op of ops) {
    const key = keyOf(op.item, op.person);
    const blocked = (op.photo && photos.has(op.photo)) || (REVISED.has(op.kind) && taken.has(key))
      || (op.kind === "signature" && held);
    if (blocked) { held = true; if (REVISED.has(op.kind)) taken.add(key); continue; }
    letters += JSON.stringify(sent(op)).length;
    if (batch.length && (batch.length >= MOST_OPS || letters > MOST_LETTERS)) break;
    if (REVISED.has(op.kind)) taken.add(key);
    batch.push(op);
  }
  return batch;
}

/** What goes over the wire. @param {Op} op */
export const sent = ({ inspection: _inspection, photo: _photo, ...op }) => ({ ...op, person: op.person || null });

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
  if (!batch.some((op) => verdicts.has(op.op_id))) { reached = "offline"; return false; } // a stranger's 200
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
  reached = answer.kind === "busy" ? "offline" : answer.kind;
  return false;
}

/**
 * One verdict for each operation, by its name; an operation without one stays.
 *
 * @param {Op[]} batch @param {Map<string, any>} verdicts @param {string} [at] the server's time
 */
async function settle(batch, verdicts, at) {
  const names = ["ops", "answers", "visits", "attention"];
  const author = batch[0].author;
  const visit = batch[0].inspection;
  await store.transact(names, "readwrite", async (shelf) => {
    const kept = (await store.done(shelf("visits").get([author, visit]))) ?? { author, id: visit, document: { id: visit }, seq: 0 };
    let { document } = kept;
    for (const op of batch) {
      const verdict = verdicts.get(op.op_id);
      if (!verdict) continue;
      shelf("ops").delete(op.device_seq);
      const lost = verdict.status === "conflict" || (verdict.status === "duplicate" && verdict.was === "conflict");
      if (TAKEN.has(verdict.status) && !lost) {
        document = applied(document, op, false);
        await take(shelf, op, verdict, at);
      } else if (lost) {
        await learn(shelf, op, verdict);
        const others = (document.conflicts ?? []).filter((/** @type {any} */ one) => one.op_id !== op.op_id);
        document = { ...document, conflicts: [...others, clash(op, verdict)] };
      } else {
        shelf("attention").put({ op_id: op.op_id, author, inspection: visit, op, status: verdict.status, words: verdict.words ?? "", at: at ?? "" });
      }
    }
    shelf("visits").put({ ...kept, document });
  });
  for (const op of batch) {
    const verdict = verdicts.get(op.op_id);
    if (verdict) tell("verdict", { visit, op, status: verdict.status, words: verdict.words ?? "" });
  }
  tell("changed", { visit, keys: [...new Set(batch.map((op) => keyOf(op.item, op.person)))], why: "sent" });
  update();
}

/** @param {Op} op @param {any} verdict */
const clash = (op, verdict) => ({
  op_id: op.op_id, item: op.item, person: op.person || null, value: op.value, client_time: op.client_time,
  author_name: store.person()?.name ?? "", device_name: "", current: verdict.current,
});

/** The server's answer now is ours; what waits for the same answer goes on from its revision. */
async function take(/** @type {Shelf} */ shelf, /** @type {Op} */ op, /** @type {any} */ verdict, at = "") {
  if (!REVISED.has(op.kind)) return;
  const key = [op.author, op.inspection, op.item, op.person];
  const before = await store.done(shelf("answers").get(key));
  const rev = verdict.rev ?? before?.rev ?? 0;
  // A repeated operation may have lost against another meanwhile; then what was learned since stands.
  const newer = !before || before.rev < rev || (before.rev === rev && verdict.status === "applied");
  if (op.kind === "answer" && newer) {
    shelf("answers").put({
      ...before, author: op.author, inspection: op.inspection, item: op.item, person: op.person,
      rev, value: op.value, author_name: store.person()?.name, client_time: op.client_time, received_at: at,
    });
  } else if (before && newer) shelf("answers").put({ ...before, rev });
  for (const later of await store.done(shelf("ops").index("key").getAll(key))) {
    if (later.device_seq > op.device_seq && REVISED.has(later.kind)) shelf("ops").put({ ...later, base_rev: rev });
  }
}

/** Another was first: their answer is the current one until somebody chooses. */
async function learn(/** @type {Shelf} */ shelf, /** @type {Op} */ op, /** @type {any} */ { rev, current }) {
  if (!current) return;
  const { author, inspection, item, person } = op;
  const before = await store.done(shelf("answers").get([author, inspection, item, person]));
  if (before && before.rev > rev) return;
  const { value, author_name, at } = current;
  shelf("answers").put({ author, inspection, item, person, rev, value, author_name, received_at: at });
}

// --- photos ------------------------------------------------------------------------------------------------

/** True when the photo is out of the way: at the server, or set apart with its reason. @param {any} photo */
async function sendPhoto(photo) {
  reached = "sending";
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
    reached = "offline";
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

/** @param {ArrayBuffer} bytes */
export async function hash(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A photo that cannot go, and what names it: kept, with the reason, out of the way of the others. @param {any} photo @param {string} words */
async function setApart(photo, words) {
  await store.transact(["photos", "ops", "attention"], "readwrite", async (shelf) => {
    const { waiting: _waiting, ...rest } = photo;
    shelf("photos").put({ ...rest, refused: words });
    for (const op of await store.done(shelf("ops").index("author").getAll(photo.author))) {
      if (op.photo !== photo.sha256) continue;
      shelf("ops").delete(op.device_seq);
      shelf("attention").put({ op_id: op.op_id, author: op.author, inspection: op.inspection, op, status: "rejected", words, at: "" });
    }
  });
  tell("changed", { visit: photo.inspection, keys: [], why: "sent" });
}

// --- what needs attention ----------------------------------------------------------------------------------

/** Send again, as they are. @param {...string} op_ids */
export async function retry(...op_ids) {
  await store.transact(["attention", "ops", "photos"], "readwrite", async (shelf) => {
    for (const op_id of op_ids) {
      const found = await store.done(shelf("attention").get(op_id));
      if (!found) continue;
      shelf("attention").delete(op_id);
      shelf("ops").put(found.op);
      const photo = found.op.photo && (await store.done(shelf("photos").get([found.author, found.op.photo])));
      if (photo?.bytes) {
        const { refused: _refused, ...rest } = photo;
        shelf("photos").put({ ...rest, waiting: 1 });
      }
    }
  });
  await update();
  return sendNow();
}

/** Take it off the list. True only when a rescue file holds it. @param {string} op_id @returns {Promise<boolean>} */
export async function setAside(op_id) {
  const gone = await store.transact(["attention"], "readwrite", async (shelf) => {
    const found = await store.done(shelf("attention").get(op_id));
    if (!found?.exported) return false;
    shelf("attention").delete(op_id);
    return true;
  });
  await update();
  return gone;
}

// --- what the server knows ---------------------------------------------------------------------------------

/** Bring in what changed at the server since we last asked. @param {string} visit @returns {Promise<boolean>} */
export async function refresh(visit) {
  const view = await store.load(visit);
  const address = `/api/v1/inspections/${visit}`;
  const answer = await ask("GET", view?.seq ? `${address}/changes?since=${view.seq}` : address);
  if (answer.kind === "signed-out") { reached = "signed-out"; update(); }
  if (answer.kind !== "ok" || !Array.isArray(answer.body.answers)) return false;
  const keys = view?.seq ? await store.mergeVisit(visit, answer.body) : (await store.keepVisit(answer.body), []);
  tell("changed", { visit, keys, why: "server" });
  return true;
}

/** @param {string} visit @returns {() => void} */
export function watch(visit) {
  const look = () => { if (document.visibilityState === "visible") refresh(visit); };
  look();
  const every = setInterval(look, WATCH);
  return () => clearInterval(every);
}

/** The day on which the server last called this build its own, and the build: old enough, and the server says so. */
export async function version() {
  return `${(await store.note(`fresh:${build}`)) ?? new Date().toISOString().slice(0, 10)}.${build}`;
}

// --- the state in words ------------------------------------------------------------------------------------

/** Count anew and tell everybody. */
export async function update() {
  let counted;
  try {
    counted = await store.counts();
  } catch {
    counted = { ...status.now };
    reached = "storage-failed";
  }
  const phase = phaseOf(counted);
  const now = { ...counted, phase, words: wordsOf(phase, counted), short: shortWords(phase, counted) };
  if (JSON.stringify(now) === JSON.stringify(status.now)) return;
  status.now = now;
  tell("status", now, false);
}

/** @param {{waiting: number, photos: number, attention: number}} counted */
function phaseOf(counted) {
  const waits = counted.waiting + counted.photos > 0;
  if (reached === "storage-failed" || reached === "too-old") return reached;
  if (reached === "signed-out") return "signed-out";
  if (reached === "offline") return "offline";
  if (waits) return "sending";
  return counted.attention ? "attention" : "idle";
}

/** @param {string} phase @param {{waiting: number, photos: number, attention: number}} counted */
function wordsOf(phase, { waiting, photos, attention }) {
  const number = waiting + photos;
  const wait = several("{number} item waits on this tablet", "{number} items wait on this tablet", number);
  switch (phase) {
    case "storage-failed": return say("Not saved: this tablet has no room. Make room, then try again.");
    case "too-old": return say("This app is too old for the server. Load it anew; {what}.", { what: wait });
    case "signed-out": return number ? say("{what}: sign in to send", { what: wait }) : say("Signed out");
    case "offline": {
      const why = navigator.onLine ? say("The server does not answer") : say("No network");
      return number ? `${wait}. ${why}` : why;
    }
    case "sending": return several("Sending {number} item", "Sending {number} items", number);
    case "attention": return several("{number} item needs attention", "{number} items need attention", attention);
    default: return say("All saved on the server");
  }
}

/** The same for a narrow place, never longer than a name. @param {string} phase @param {{waiting: number, photos: number, attention: number}} counted */
function shortWords(phase, { waiting, photos, attention }) {
  const number = waiting + photos;
  switch (phase) {
    case "storage-failed": return say("Not saved");
    case "too-old": return say("Too old");
    case "signed-out": return say("Signed out");
    case "offline": return number ? several("{number} waits", "{number} wait", number) : say("No network");
    case "sending": return say("Sending {number}", { number });
    case "attention": return say("{number} to look at", { number: attention });
    default: return say("All saved");
  }
}

/** Begin: count, send what waits, and send again whenever there may be a network. @param {string} [ownBuild] */
export async function start(ownBuild = "") {
  build = ownBuild;
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
  clearTimeout(timer);
}
