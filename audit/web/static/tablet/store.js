/** What this tablet keeps, in IndexedDB. Nothing counts as saved before its transaction is complete and on the disk.
 *
 *  What is shown is worked out, not kept twice: `load(visit)` lays the operations that still wait over what the server
 *  last said. So an act and the state it leads to can never come apart.
 *
 *  Who works:      person(), setPerson({id, name} | null)        the author of everything that follows; reads see only theirs
 *  A visit:        load(id) -> {visit, answers: Map, seq} | undefined   see View
 *                  visits() -> [{id, …}]                          what `load` gives as `visit`, newest first
 *                  keepVisit(said)                                what GET /inspections/{id} answered, whole
 *                  mergeVisit(id, said) -> keys that changed      what GET …/changes answered
 *                  sentAt(id)                                     when the server last took something of it from here
 *                  dropVisit(id)                                  one that is over
 *  An answer:      keyOf(item, person) -> the key of View.answers
 *  Checklists:     checklist(sha256, language), keepChecklist(sha256, language, text), hasChecklist(…), checklists()
 *  Clinics:        clinic(id), clinics(), keepClinic(id, kit)     what GET /clinics/{id}/kit answered
 *  Bootstrap:      kit(name), keepKit(name, document)             kit("bootstrap")
 *  Photos:         photo(sha256) -> {sha256, type, size, bytes?, sent}, thumb(sha256) -> {bytes, type} | undefined
 *  What waits:     counts() -> {waiting, attention, photos, others}; waitingOps(), waitingPhotos(), attention()
 *                  allPhotos()
 *  This tablet:    device() -> UUID, note(name), setNote(name, value)
 *  Leaving:        forget()                                       what the server holds anyway, when nothing waits
 *
 *  @typedef {object} Op          as it is sent, and what only the tablet knows (inspection, photo)
 *  @property {string} op_id @property {number} device_seq @property {string} author @property {string} inspection
 *  @property {string} item @property {string} person  "" when for nobody @property {string} kind
 *  @property {number} base_rev @property {any} value @property {string} client_time @property {string} [photo]
 *
 *  @typedef {object} Shown       one answer as it stands on this tablet
 *  @property {string} item @property {string|null} person @property {number} rev @property {any} value
 *  @property {"here"|"sent"|"attention"} state @property {string} [author_name] @property {string} [received_at]
 *  @property {string} [client_time] @property {string} [words]
 *
 *  @typedef {{visit: any, answers: Map<string, Shown>, seq: number}} View
 */

import { keyOf } from "./engine/checklists.js";
import { applied } from "./overlay.js";

export { keyOf };

const NAME = "clinic-audit";
// Upgrades only add: an older tab and an older rescue must be able to read what is here.
const VERSION = 1;
const A_FEW = 4;
const GONE = new Set(["InvalidStateError", "UnknownError"]);

/** @type {Promise<IDBDatabase> | undefined} */
let opened;
/** @type {{id: string, name: string} | null} */
let worker = null;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @returns {Promise<IDBDatabase>} */
export function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => add(request.result);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      const found = request.result;
      found.onversionchange = () => { opened = undefined; found.close(); };
      found.onclose = () => { opened = undefined; }; // iPads close connections when memory is short: open again
      resolve(found);
    };
  });
  opened.catch(() => { opened = undefined; });
  return opened;
}

/** @param {IDBDatabase} base */
function add(base) {
  const make = (/** @type {string} */ name, /** @type {IDBObjectStoreParameters} */ how, indexes = {}) => {
    if (base.objectStoreNames.contains(name)) return;
    const shelf = base.createObjectStore(name, how);
    for (const [index, path] of Object.entries(indexes)) shelf.createIndex(index, path);
  };
  make("meta", {});
  make("ops", { keyPath: "device_seq" }, {
    author: "author",
    visit: ["author", "inspection"],
    key: ["author", "inspection", "item", "person"],
  });
  make("answers", { keyPath: ["author", "inspection", "item", "person"] }, { visit: ["author", "inspection"] });
  make("visits", { keyPath: ["author", "id"] }, { author: "author" });
  make("photos", { keyPath: ["author", "sha256"] }, { author: "author", waiting: ["author", "waiting"] });
  make("thumbs", { keyPath: ["author", "sha256"] });
  make("checklists", { keyPath: ["sha256", "language"] });
  make("clinics", { keyPath: ["author", "id"] }, { author: "author" });
  make("kit", { keyPath: ["author", "name"] });
  make("attention", { keyPath: "op_id" }, { author: "author", visit: ["author", "inspection"] });
}

/**
 * Do `work` in one transaction. What it returns comes back once everything is on the disk; else nothing is kept.
 *
 * @template T
 * @param {string[]} names @param {IDBTransactionMode} mode
 * @param {(shelf: (name: string) => IDBObjectStore) => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function transact(names, mode, work, tries = 2) {
  try {
    const base = await open();
    const deal = base.transaction(names, mode, { durability: "strict" });
    const complete = new Promise((resolve, reject) => {
      deal.oncomplete = () => resolve(undefined);
      deal.onabort = () => reject(deal.error ?? new DOMException("not saved", "AbortError"));
    });
    complete.catch(() => {});
    let result;
    try {
      result = await work((name) => deal.objectStore(name));
    } catch (fault) {
      try { deal.abort(); } catch { /* it is over already */ }
      await complete.catch(() => {});
      throw fault;
    }
    await complete;
    return result;
  } catch (fault) {
    if (tries > 1 && GONE.has(/** @type {any} */ (fault)?.name)) {
      opened = undefined;
      return transact(names, mode, work, tries - 1);
    }
    throw fault;
  }
}

// --- who works, and on which tablet ------------------------------------------------------------------------

/** @returns {{id: string, name: string} | null} */
export const person = () => worker;

/** The one who works here from now on. Kept, so that the tablet starts without a network. @param {{id: string, name: string} | null} who */
export async function setPerson(who) {
  worker = who;
  await setNote("person", who);
}

/** Who worked here last; for a start without a network. */
export async function recallPerson() {
  worker = (await note("person")) ?? null;
  return worker;
}

/** @param {string} name @returns {Promise<any>} */
export const note = (name) => transact(["meta"], "readonly", (shelf) => done(shelf("meta").get(name)));
/** @param {string} name @param {unknown} value */
export const setNote = (name, value) =>
  transact(["meta"], "readwrite", (shelf) => done(shelf("meta").put(value, name)));

/** The name of this tablet, made once. @returns {Promise<string>} */
export const device = () =>
  transact(["meta"], "readwrite", async (shelf) => {
    const found = await done(shelf("meta").get("device"));
    if (found) return found;
    const made = crypto.randomUUID();
    shelf("meta").put(made, "device");
    return made;
  });

const mine = () => {
  if (!worker) throw new DOMException("nobody is signed in", "NotAllowedError");
  return worker.id;
};

// --- visits and answers ------------------------------------------------------------------------------------

/** @param {string} id @returns {Promise<View | undefined>} */
export function load(id) {
  const author = mine();
  return transact(["visits", "answers", "ops", "attention"], "readonly", async (shelf) => {
    const [kept, answers, ops, faults] = await Promise.all([
      done(shelf("visits").get([author, id])),
      done(shelf("answers").index("visit").getAll([author, id])),
      done(shelf("ops").index("visit").getAll([author, id])),
      done(shelf("attention").index("visit").getAll([author, id])),
    ]);
    if (!kept && !ops.some((op) => op.kind === "start")) return undefined;
    return shown(kept, answers, ops, faults);
  });
}

/** When the server last took something of a visit from this tablet, by the tablet's clock; 0 before that. @param {string} id @returns {Promise<number>} */
export const sentAt = async (id) => (await get("visits", [mine(), id]))?.sent_at ?? 0;

/** @param {any} kept @param {any[]} answers @param {Op[]} ops @param {any[]} faults @returns {View} */
function shown(kept, answers, ops, faults) {
  const table = new Map(answers.map((row) => [keyOf(row.item, row.person), seen(row)]));
  let visit = kept?.document ?? {};
  for (const fault of faults) flag(table, fault.op, fault.words);
  for (const op of ops.sort((one, other) => one.device_seq - other.device_seq)) {
    visit = applied(visit, op, true);
    lay(table, op, visit);
  }
  for (const clash of visit.conflicts ?? []) flag(table, clash, "");
  return { visit, answers: table, seq: kept?.seq ?? 0 };
}

/** @param {any} row @returns {Shown} */
const seen = ({ author: _author, inspection: _inspection, person: who, ...row }) =>
  ({ ...row, person: who || null, state: "sent" });

/** @param {Map<string, Shown>} table @param {any} op @param {string} words */
function flag(table, op, words) {
  const key = keyOf(op.item, op.person);
  const found = table.get(key);
  if (found) table.set(key, { ...found, state: "attention", words });
  else if (op.kind === "answer") {
    table.set(key, { item: op.item, person: op.person || null, rev: 0, value: op.value, state: "attention", words });
  }
}

/** @param {Map<string, Shown>} table @param {Op} op @param {any} visit */
function lay(table, op, visit) {
  if (op.kind !== "answer" && op.kind !== "resolve") return;
  const key = keyOf(op.item, op.person);
  const found = table.get(key);
  let value = op.value;
  if (op.kind === "resolve") {
    const rival = (visit.settled ?? []).find((/** @type {any} */ one) => one.op_id === op.value.keep);
    value = rival ? rival.value : found?.value;
  }
  table.set(key, {
    item: op.item, person: op.person || null, rev: found?.rev ?? op.base_rev, value, state: "here",
    author_name: worker?.name, client_time: op.client_time,
  });
}

/** Every visit on this tablet that is open to the one who works, newest first. @returns {Promise<any[]>} */
export async function visits() {
  const author = mine();
  const { kept, ops } = await transact(["visits", "ops"], "readonly", async (shelf) => ({
    kept: await done(shelf("visits").index("author").getAll(author)),
    ops: await done(shelf("ops").index("author").getAll(author)),
  }));
  const found = new Map(kept.map((row) => [row.id, row.document]));
  for (const op of ops) {
    if (op.kind === "answer") continue;
    if (found.has(op.inspection) || op.kind === "start") {
      found.set(op.inspection, applied(found.get(op.inspection) ?? {}, op, true));
    }
  }
  // Instants sort as text; comparing them as words would first wake up what knows every alphabet.
  const at = (/** @type {any} */ visit) => String(visit.started_at);
  return [...found.values()].sort((one, other) => (at(one) < at(other) ? 1 : at(one) > at(other) ? -1 : 0));
}

/** The server's document with what it says of the visit itself on top. @param {any} said @param {any} [before] */
function documentOf({ answers: _answers, seq: _seq, server_time: _time, moved, inspection = {}, links = [], ...rest }, before) {
  const known = new Map((before?.links ?? []).map((/** @type {any} */ one) => [linkKey(one), one]));
  const fresh = links.map((/** @type {any} */ one) => ({ ...known.get(linkKey(one)), ...one, pending: false }));
  const gone = new Set((moved ?? []).map((/** @type {[string, string | null]} */ [item, who]) => keyOf(item, who)));
  const stay = moved ? [...known.values()].filter((one) => !gone.has(keyOf(one.item, one.person))) : [];
  return { ...before, ...inspection, ...rest, links: [...stay, ...fresh], settled: [] };
}

/** @param {any} link */
const linkKey = ({ item, person: who, sha256 }) => `${keyOf(item, who)} ${sha256}`;

/** What the server says about a whole visit; what waits stays. @param {any} said @returns {Promise<string[]>} */
export const keepVisit = (said) => mergeVisit(said.id, { ...said, moved: null });

/** @param {string} author @param {string} inspection @param {any} row */
const asKept = (author, inspection, row) => ({ ...row, author, inspection, person: row.person ?? "", author_id: row.author });

/**
 * What changed at the server since. Returns the keys of the answers that are different now. An answer never vanishes,
 * and an older revision that arrives late is no news.
 *
 * @param {string} id @param {any} said @returns {Promise<string[]>}
 */
export function mergeVisit(id, said) {
  const author = mine();
  return transact(["visits", "answers"], "readwrite", async (shelf) => {
    const kept = (await done(shelf("visits").get([author, id]))) ?? { author, id, document: { id } };
    const touched = [], news = said.answers ?? [];
    // All at once: asking for each of a hundred answers took longer than all else of a page.
    const rows = news.length ? await done(shelf("answers").index("visit").getAll([author, id])) : [];
    const known = new Map(rows.map((row) => [keyOf(row.item, row.person), row]));
    let written = 0;
    for (const row of news) {
      const one = asKept(author, id, row), key = keyOf(one.item, one.person), before = known.get(key);
      if (before && before.rev > one.rev) continue;
      if (before?.rev !== one.rev || before?.received_at !== one.received_at) touched.push(key);
      const request = shelf("answers").put(one);
      written += 1;
      if (written % A_FEW === 0) await done(request); // taps are heard between
    }
    shelf("visits").put({ ...kept, document: documentOf({ ...said, id }, kept.document), seq: said.seq ?? kept.seq });
    return touched;
  });
}

/** Take a visit off this tablet that the server keeps. @param {string} id */
export function dropVisit(id) {
  const author = mine();
  return transact(["visits", "answers", "photos", "thumbs"], "readwrite", async (shelf) => {
    shelf("visits").delete([author, id]);
    shelf("answers").delete(IDBKeyRange.bound([author, id], [author, id, []]));
    for (const photo of await done(shelf("photos").index("author").getAll(author))) {
      if (photo.inspection !== id || photo.waiting || photo.refused) continue;
      shelf("photos").delete([author, photo.sha256]);
      shelf("thumbs").delete([author, photo.sha256]);
    }
  });
}

// --- what comes along --------------------------------------------------------------------------------------

/** @param {string} name @param {IDBValidKey} key */
const get = (name, key) => transact([name], "readonly", (shelf) => done(shelf(name).get(key)));
/** @param {string} name @param {any} row */
const put = (name, row) => transact([name], "readwrite", (shelf) => done(shelf(name).put(row)));
/** @param {string} name */
const every = (name) => {
  const author = mine();
  return transact([name], "readonly", (shelf) => done(shelf(name).index("author").getAll(author)));
};

/** @param {string} sha256 @param {string} language */
export async function checklist(sha256, language) {
  const text = (await get("checklists", [sha256, language]))?.text;
  return text && JSON.parse(text);
}
/** What an older build kept, in whatever language it came. @param {string} sha256 @param {string} language */
export const olderChecklist = async (sha256, language) => (await get("checklists", [sha256, language]))?.document;
/** Kept as the text it came as: a browser copies it whole, and looks into an object three times as long.
 * @param {string} sha256 @param {string} language @param {string} text */
export const keepChecklist = (sha256, language, text) => put("checklists", { sha256, language, text });
/** @param {string} sha256 @param {string} language @returns {Promise<boolean>} */
export const hasChecklist = async (sha256, language) => Boolean((await get("checklists", [sha256, language]))?.text);
/** @returns {Promise<{sha256: string, language: string}[]>} */
export const checklists = async () =>
  (await transact(["checklists"], "readonly", (shelf) => done(shelf("checklists").getAllKeys()))).map((key) => {
    const [sha256, language] = /** @type {[string, string]} */ (key);
    return { sha256, language };
  });
/** @param {string} id */
export const clinic = async (id) => (await get("clinics", [mine(), id]))?.document;
export const clinics = async () => (await every("clinics")).map((row) => row.document);
/** @param {string} id @param {any} document */
export const keepClinic = (id, document) => put("clinics", { author: mine(), id, document });
/** @param {string} name */
export const kit = async (name) => (await get("kit", [mine(), name]))?.document;
/** @param {string} name @param {any} document */
export const keepKit = (name, document) => put("kit", { author: mine(), name, document });

/** @param {string} sha256 */
export const photo = (sha256) => get("photos", [mine(), sha256]);
/** @param {string} sha256 */
export const thumb = (sha256) => get("thumbs", [mine(), sha256]);
/** @param {string} sha256 @param {ArrayBuffer} bytes @param {string} type */
export const keepThumb = (sha256, bytes, type) => put("thumbs", { author: mine(), sha256, bytes, type });

// --- what waits --------------------------------------------------------------------------------------------

/** @returns {Promise<Op[]>} */
export const waitingOps = async () =>
  (await every("ops")).sort((one, other) => one.device_seq - other.device_seq);

/** Photos whose bytes the server has not named yet. @returns {Promise<any[]>} */
export const waitingPhotos = () => {
  const author = mine();
  return transact(["photos"], "readonly", (shelf) => done(shelf("photos").index("waiting").getAll([author, 1])));
};

/** Every photo this tablet knows of, with bytes or without. @returns {Promise<any[]>} */
export const allPhotos = () => every("photos");

/** What the server would not take, with its sentence. @returns {Promise<any[]>} */
export const attention = () => every("attention");

/** How much waits: ours, and (a number only) what others left on this tablet. */
export function counts() {
  const author = worker?.id;
  return transact(["ops", "photos", "attention"], "readonly", async (shelf) => {
    const count = (/** @type {string} */ name, /** @type {string} */ index, /** @type {any} */ key) =>
      author ? done(shelf(name).index(index).count(key)) : Promise.resolve(0);
    const [waiting, photos, faults, ops, wrong] = await Promise.all([
      count("ops", "author", author),
      count("photos", "waiting", [author, 1]),
      count("attention", "author", author),
      done(shelf("ops").count()),
      done(shelf("attention").count()),
    ]);
    return { waiting, photos, attention: faults, others: ops - waiting + (wrong - faults) };
  });
}

/** Take what the server holds anyway off this tablet; only when nothing of the one who works waits. @returns {Promise<boolean>} */
export async function forget() {
  const author = mine();
  const names = ["ops", "attention", "visits", "answers", "photos", "thumbs", "clinics", "kit", "meta"];
  const left = await transact(names, "readwrite", async (shelf) => {
    const ops = await done(shelf("ops").index("author").count(author));
    const wrong = await done(shelf("attention").index("author").count(author));
    const photos = await done(shelf("photos").index("waiting").count([author, 1]));
    if (ops + wrong + photos) return false;
    for (const name of ["visits", "answers", "photos", "thumbs", "clinics", "kit"]) {
      shelf(name).delete(IDBKeyRange.bound([author], [author, []]));
    }
    shelf("meta").put(null, "person");
    return true;
  });
  if (left) worker = null;
  return left;
}
