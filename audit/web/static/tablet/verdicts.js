/** What the server said of each operation, and what this tablet makes of it: only what it named leaves the queue. */

import { REVISED } from "./batches.js";
import { keyOf } from "./engine/checklists.js";
import { applied } from "./overlay.js";
import { tell, update } from "./state.js";
import * as store from "./store.js";

/** @typedef {import("./store.js").Op} Op */
/** @typedef {(name: string) => IDBObjectStore} Shelf */

const TAKEN = new Set(["applied", "same", "duplicate"]);

/**
 * One verdict for each operation, by its name; an operation without one stays.
 *
 * @param {Op[]} batch @param {Map<string, any>} verdicts @param {string} [at] the server's time
 */
export async function settle(batch, verdicts, at) {
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
    shelf("visits").put({ ...kept, document, sent_at: Date.now() });
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

/** A photo that cannot go, and what names it: kept, with the reason, out of the way of the others. @param {any} photo @param {string} words */
export async function setApart(photo, words) {
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
