/** What may go next, and how it is spelled on the wire. Nothing here reads or sends. */

import { keyOf } from "./engine/checklists.js";

/** @typedef {import("./store.js").Op} Op */

const MOST_OPS = 200;
const MOST_LETTERS = 700_000; // of JSON; a letter is at most four bytes in what people write, the limit is 1 MB
/** Kinds that make a new revision of an answer. */
export const REVISED = new Set(["answer", "resolve"]);
/** Kinds that go after all that was given before them. */
const LAST = new Set(["signature", "set-aside"]);

/**
 * The operations that may go now: of one visit, one for each answer (the next one needs the revision this one gets),
 * none before its photo, and no signature or end before all that it is about.
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
      || (LAST.has(op.kind) && held);
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
