// A published checklist as the server sends it, with a way to find its items. Numbers in it are text.

/**
 * @typedef {Record<string, any>} Part one thing to enter: a mark, a number, a date, a choice or text
 * @typedef {Record<string, any>} Item one thing to check
 * @typedef {Record<string, any>} Checklist the published document
 */

/** @type {WeakMap<Checklist, Map<string, Item>>} */
const shelves = new WeakMap();

/** @param {Checklist} checklist @returns {Item[]} */
export function itemsOf(checklist) {
  return checklist.sections.flatMap((section) => section.items);
}

/** @param {Checklist} checklist @param {string} key @returns {Item | undefined} */
export function itemAt(checklist, key) {
  let shelf = shelves.get(checklist);
  if (!shelf) shelves.set(checklist, (shelf = new Map(itemsOf(checklist).map((item) => [item.key, item]))));
  return shelf.get(key);
}

/** @param {Item} item @returns {Part | undefined} */
export const markPart = (item) => item.parts.find((part) => part.kind === "mark");

/** @param {Item} item @returns {Part[]} */
export const valueParts = (item) => item.parts.filter((part) => part.kind !== "mark");

/**
 * Where an answer lies: its item, and its practitioner or nobody.
 * @param {string} item @param {string | null} [person] @returns {string}
 */
export const keyOf = (item, person = null) => `${item}|${person ?? ""}`;
