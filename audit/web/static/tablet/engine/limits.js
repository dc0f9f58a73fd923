// Limits judge a dated or measured value against the visit's local date and the frozen thresholds
// (audit/domain/limits.py). A limit is the published row; its numbers are text.

import { holds, own } from "./conditions.js";
import { daysBetween, monthsBefore, plusDays } from "./dates.js";
import { compare, decimal, decimalText } from "./decimals.js";
import { unitWords } from "./measures.js";
import { numeral, say, several } from "./tongue.js";

/**
 * @typedef {import("./decimals.js").Decimal} Decimal
 * @typedef {Record<string, any>} Limit
 * @typedef {{mark: string | null, warning: string, words: string}} Judgement
 * @typedef {{value: Decimal, unit: string, read: Decimal, readUnit: string}} Measured
 *   a number in the part's base unit, and as it was read from the instrument
 */

const count = (limit, name) => Number(limit[name] ?? 0);

/** @param {Limit} limit @returns {boolean} may the date lie after the visit? */
export function looksAhead(limit) {
  return limit.kind === "expires" || (limit.cases ?? []).some((one) => looksAhead(one.limit));
}

/**
 * The limit that counts under these facts and answers, or none.
 * @param {Limit | null} limit
 * @param {Record<string, unknown>} facts
 * @returns {Limit | null}
 */
export function standingFor(limit, facts) {
  if (!limit || limit.kind !== "cases") return limit;
  const found = limit.cases.find((one) => holds(one.when, facts));
  return found ? standingFor(found.limit, facts) : null;
}

/**
 * Compare a date with the visit's date, never with today.
 * @param {Limit} limit @param {string} value @param {string} inspectedOn
 * @returns {Judgement}
 */
export function judgeDate(limit, value, inspectedOn) {
  const warnDays = count(limit, "warn_days");
  if (limit.kind === "expires") {
    const left = daysBetween(inspectedOn, value);
    if (left < 0) {
      return { mark: "OUT", warning: "", words: say("expired {days} before the visit", { days: daysWords(-left) }) };
    }
    const warning = left <= warnDays ? say("expires in {days}", { days: daysWords(left) }) : "";
    return { mark: "IN", warning, words: say("{days} left", { days: daysWords(left) }) };
  }
  const last = plusDays(monthsBefore(inspectedOn, count(limit, "months")), -count(limit, "days"));
  const age = daysWords(daysBetween(value, inspectedOn));
  const words = say("{days} old, limit {age}", { days: age, age: ageWords(limit) });
  if (value < last) return { mark: "OUT", warning: "", words };
  const left = daysBetween(last, value);
  const warning = left <= warnDays ? say("due again in {days}", { days: daysWords(left) }) : "";
  return { mark: "IN", warning, words };
}

/**
 * Compare a number with its limit, in the unit it was read in when the source prints that unit too.
 * An unknown reference value (`at-least-part`) judges nothing.
 * @param {Limit} limit @param {Measured} measured @param {Record<string, unknown>} values
 * @returns {Judgement}
 */
export function judgeNumber(limit, measured, values) {
  let { value, unit } = measured;
  let bound = limit.value == null ? null : decimal(limit.value);
  const printed = own(limit.also, measured.readUnit);
  if (limit.kind === "at-least-part") {
    bound = decimal(own(values, limit.part) ?? "");
  } else if (printed !== undefined) {
    [value, bound, unit] = [measured.read, decimal(printed), measured.readUnit];
  }
  if (!bound) return { mark: null, warning: "", words: "" };
  const atMost = limit.kind === "at-most";
  const out = atMost ? compare(value, bound) > 0 : compare(value, bound) < 0;
  return { mark: out ? "OUT" : "IN", warning: "", words: boundWords(atMost, bound, unit) };
}

function boundWords(atMost, bound, unit) {
  const quantity = `${numeral(decimalText(bound))} ${unitWords(unit)}`.trim();
  return atMost ? say("at most {quantity}", { quantity }) : say("at least {quantity}", { quantity });
}

/**
 * The limit in words for page and paper, without its source.
 * @param {Limit} limit @param {string | null} [unit]
 * @returns {string}
 */
export function describe(limit, unit = null) {
  if (limit.kind === "expires") return say("not expired on the day of the visit");
  if (limit.kind === "max-age") return say("not older than {age}", { age: ageWords(limit) });
  if (limit.kind === "at-least-part") return say("at least the minimum stated");
  if (limit.kind === "cases") return [...new Set(limit.cases.map((one) => describe(one.limit, unit)))].join("; ");
  return boundWords(limit.kind === "at-most", decimal(limit.value ?? "0"), unit);
}

function ageWords(limit) {
  const months = count(limit, "months");
  const days = count(limit, "days");
  const month = months ? several("{number} month", "{number} months", months) : "";
  if (months && days) return say("{months} and {days}", { months: month, days: daysWords(days) });
  return days ? daysWords(days) : month;
}

/** @param {number} number @returns {string} */
export function daysWords(number) {
  return several("{number} day", "{number} days", number);
}
