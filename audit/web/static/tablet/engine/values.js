// Reads single values that people type: numbers with units, dates, choices, text (audit/domain/values.py).
// What cannot be read throws a Wrong, in words fit for the field.

import { dayNumber } from "./dates.js";
import { compare, decimal, decimalText } from "./decimals.js";
import { convert } from "./measures.js";
import { numeral, say, thousands } from "./tongue.js";

const NUMBER = /^[+-]?\d{1,9}([.,]\d{1,4})?$/;
const THOUSANDS = /^[+-]?\d{1,3},\d{3}$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const SURROGATE = /[\ud800-\udfff]/u;
const [EARLIEST, LATEST] = ["1900-01-01", "2200-01-01"];
// Exactly what Python strips: trim() would leave some of it and take the byte order mark.
const SPACE = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+";
const OUTER = new RegExp(`^${SPACE}|${SPACE}$`, "g");

/** A value that cannot be read; its message is for the person who typed it. */
export class Wrong extends Error {}

/**
 * Half a character, as a broken paste leaves it, has no spelling anywhere: it becomes the mark for what cannot be read.
 * @param {string} text @returns {string}
 */
export const wellFormed = (text) => text.replace(/[\ud800-\udfff]/gu, "\ufffd");

/** @param {string} entered @returns {string} */
export const stripped = (entered) => entered.replace(OUTER, "");

/** @param {string} text @returns {number} characters as people and Python count them */
export const lengthOf = (text) => [...text].length;

/**
 * Read a number in one of the part's units and turn it into the base unit.
 * @param {string} entered @param {string} unit @param {Record<string, any>} part
 * @returns {import("./limits.js").Measured}
 */
export function number(entered, unit, part) {
  if (!NUMBER.test(entered)) throw new Wrong(say("Give a number, for example 121 or 37.5."));
  if (THOUSANDS.test(entered)) {
    throw new Wrong(say("Write the number without a comma, for example 1076 or 1.076."));
  }
  const base = part.unit || "";
  if (unit !== base && !part.units.includes(unit)) {
    throw new Wrong(say("Give the unit as {units}.", { units: listed(part.units.length ? part.units : [base]) }));
  }
  const read = /** @type {import("./decimals.js").Decimal} */ (decimal(entered.replace(",", ".")));
  const value = convert(read, unit, base);
  const [low, high] = [bound(part.low), bound(part.high)];
  if ((low && compare(value, low) < 0) || (high && compare(value, high) > 0)) {
    const said = { value: stripped(`${entered} ${unit}`), bounds: rangeWords(low, high, base, unit) };
    throw new Wrong(say("{value} cannot be right here. Give {bounds}.", said));
  }
  return { value, unit: base, read, readUnit: unit };
}

const bound = (text) => (text == null ? null : decimal(text));

/** What the part can be, in the unit that was entered. */
function rangeWords(low, high, base, unit) {
  const told = (value) => numeral(decimalText(convert(value, base, unit)));
  const suffix = unit ? ` ${unit}` : "";
  if (low && high) return say("{low} to {high}", { low: told(low), high: told(high) + suffix });
  if (high) return say("{high} or less", { high: told(high) + suffix });
  return say("{low} or more", { low: told(low) + suffix });
}

/** Choices in a row: `IN, OUT or NA`. @param {string[]} words @returns {string} */
export function listed(words) {
  const [some, last] = [words.slice(0, -1).join(", "), words[words.length - 1]];
  return words.length > 1 ? say("{some} or {last}", { some, last }) : last;
}

/**
 * A value of any kind as it stands for others: numbers in the base unit, the rest as entered.
 * @param {string} entered @param {string} unit @param {Record<string, any>} part
 * @returns {string}
 */
export function stated(entered, unit, part) {
  if (part.kind === "number") return decimalText(number(entered, unit || part.unit || "", part).value);
  if (part.kind === "choice") return choice(entered, part);
  return part.kind === "date" ? day(entered) : entered;
}

/**
 * Read an ISO date, not later than `latest`.
 * @param {string} entered @param {string | null} [latest]
 * @returns {string}
 */
export function day(entered, latest = null) {
  if (!DATE.test(entered)) throw new Wrong(say("Give the date as year-month-day, for example 2026-03-31."));
  if (dayNumber(entered) === null) throw new Wrong(say("There is no such day."));
  if (entered < EARLIEST || entered > LATEST) throw new Wrong(say("Check the year."));
  if (latest !== null && entered > latest) throw new Wrong(say("This date cannot lie after {date}.", { date: latest }));
  return entered;
}

/** @param {string} entered @param {Record<string, any>} part @returns {string} one of the part's options */
export function choice(entered, part) {
  if (part.options.some((option) => option.value === entered)) return entered;
  throw new Wrong(say("Choose one of the answers offered."));
}

/**
 * Read free text of at most `limit` characters; line ends become `\n`, outer space goes.
 * @param {string} entered @param {number} limit
 * @returns {string}
 */
export function text(entered, limit) {
  const kept = cleaned(entered);
  const length = lengthOf(kept);
  if (length > limit) {
    const told = { limit: thousands(limit), length: thousands(length) };
    throw new Wrong(say("Keep it to {limit} characters; this has {length}.", told));
  }
  if (entered.includes("\0") || SURROGATE.test(entered)) {
    throw new Wrong(say("This text holds characters that cannot be kept. Type it again."));
  }
  return kept;
}

/** @param {string} entered @returns {string} what can be kept of any text */
export function cleaned(entered) {
  // Surrogates first: two that only a NUL kept apart would become one character.
  const whole = wellFormed(entered).replaceAll("\0", "");
  return stripped(whole.replace(/\r\n?/g, "\n"));
}
