// When does an item apply? As audit/domain/conditions.py: a key that is not set leaves the question open,
// and an open question means: ask the item.

import { compare, decimal } from "./decimals.js";

/**
 * @typedef {Record<string, unknown>} Facts
 * @typedef {{applies: boolean, known: boolean, because: [string, string] | null}} Decision
 *   whether a condition holds, whether that is certain, and the fact (key, value) that decided it
 */

const OPEN = { applies: true, known: false, because: null };
const ALWAYS = { applies: true, known: true, because: null };

/** A value of its own, never what every object brings along. @returns {any} */
export const own = (table, key) => (table && Object.hasOwn(table, key) ? table[key] : undefined);

/**
 * Judge a condition over facts; no condition always holds, an unset key leaves it open.
 * @param {Record<string, any> | null | undefined} condition
 * @param {Facts} facts
 * @returns {Decision}
 */
export function decide(condition, facts) {
  if (!condition) return ALWAYS;
  const [kind, body] = Object.entries(condition)[0];
  if (kind === "all") return settled(body.map((part) => decide(part, facts)), false);
  if (kind === "any") return settled(body.map((part) => decide(part, facts)), true);
  if (kind === "not") return denied(decide(body, facts));
  return compared(kind, body.key, body.value, facts);
}

/** @returns {boolean} true only when the condition is certain to hold */
export function holds(condition, facts) {
  const { known, applies } = decide(condition, facts);
  return known && applies;
}

/** One certain part of the wanted kind settles it; else one open part leaves it open. */
function settled(parts, wanted) {
  const found = parts.find((part) => part.known && part.applies === wanted);
  if (found) return found;
  return parts.some((part) => !part.known) ? OPEN : parts[parts.length - 1];
}

function denied(part) {
  return part.known ? { ...part, applies: !part.applies } : OPEN;
}

/** @returns {Decision} */
function compared(kind, key, wanted, facts) {
  const value = own(facts, key);
  if (value === undefined || value === null || value === "") return OPEN;
  let applies = String(value) === String(wanted);
  if (kind === "at-least") {
    const number = decimal(value);
    const limit = decimal(wanted);
    if (!number || !limit) return OPEN;
    applies = compare(number, limit) >= 0;
  }
  return { applies, known: true, because: [key, String(value)] };
}
