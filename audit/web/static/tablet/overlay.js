import { keyOf } from "./engine/checklists.js";

/** What one operation makes of a visit's document: pure, used for what waits and again when the server has taken it.
 *
 *  @typedef {import("./store.js").Op} Op
 */

/** @param {any} one @param {Op} op */
const same = (one, op) => keyOf(one.item, one.person) === keyOf(op.item, op.person);

/** @type {Record<string, (visit: any, op: Op, pending: boolean) => any>} */
const KINDS = {
  start: (visit, op) => ({
    state: "running", started_at: op.client_time, links: [], conflicts: [], signatures: [], ...visit, ...op.value,
    id: op.inspection,
  }),
  // Another purpose, or the rest of the checklist added: everything is asked from then on.
  "set-up": (visit, { value: { whole, ...fields } }) =>
    ({ ...visit, ...fields, ...(whole || (fields.purpose && fields.purpose !== "follow-up") ? { scope: [] } : {}) }),
  remarks: (visit, op) => ({ ...visit, ...op.value }),
  "set-aside": (visit, op) => ({ ...visit, state: "set-aside", set_aside_reason: op.value.reason }),
  "photo-link": (visit, op, pending) => ({
    ...visit,
    links: [
      ...(visit.links ?? []).filter((/** @type {any} */ one) => !(same(one, op) && one.sha256 === op.value.sha256)),
      { item: op.item, person: op.person || null, ...op.value, pending },
    ],
  }),
  "photo-unlink": (visit, op) => ({
    ...visit,
    links: (visit.links ?? []).filter((/** @type {any} */ one) => !(same(one, op) && one.sha256 === op.value.sha256)),
  }),
  caption: (visit, op, pending) => ({
    ...visit,
    links: (visit.links ?? []).map((/** @type {any} */ one) =>
      same(one, op) && one.sha256 === op.value.sha256 ? { ...one, ...op.value, pending } : one),
  }),
  signature: (visit, op, pending) => ({
    ...visit,
    signatures: [
      ...(visit.signatures ?? []).filter((/** @type {any} */ one) => one.role !== op.value.role),
      { ...op.value, pending },
    ],
  }),
  resolve: (visit, op) => ({
    ...visit,
    settled: [...(visit.settled ?? []), ...(visit.conflicts ?? []).filter((/** @type {any} */ one) => same(one, op))],
    conflicts: (visit.conflicts ?? []).filter((/** @type {any} */ one) => !same(one, op)),
  }),
};

/** The document after the operation; an answer changes none. @param {any} visit @param {Op} op @param {boolean} pending */
export function applied(visit, op, pending) {
  const step = KINDS[op.kind];
  return step ? step(visit, op, pending) : visit;
}
