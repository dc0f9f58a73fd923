/** Giving: an act becomes an operation on this tablet's disk, and is sent as soon as may be. */

import { REVISED } from "./batches.js";
import { keyOf } from "./engine/checklists.js";
import { soon } from "./sending.js";
import { link, tell, update } from "./state.js";
import * as store from "./store.js";

/** @typedef {(name: string) => IDBObjectStore} Shelf */
/** @typedef {{kind: string, item?: string, person?: string | null, value: any, photo?: string}} Act */

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
    link.unsaved = true;
    update();
    throw fault;
  }
  link.unsaved = false;
  if (link.reached === "storage-failed") link.reached = "idle";
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
