// What was entered for one item, read in one place (audit/domain/answers.py). Nothing entered is ever lost:
// a fault stands beside the answer.

import { itemAt, keyOf, markPart, valueParts } from "./checklists.js";
import { decide, own } from "./conditions.js";
import { plusDays } from "./dates.js";
import { decimalText } from "./decimals.js";
import { describe, judgeDate, judgeNumber, looksAhead, standingFor } from "./limits.js";
import { say } from "./tongue.js";
import * as values from "./values.js";

/**
 * @typedef {{mark?: string, values?: Record<string, string>, units?: Record<string, string>, absent?: string,
 *   note?: string, reason?: string, corrected_on_site?: boolean, correct_by?: string}} Raw what was entered, as text
 * @typedef {{part: string, mark: string, limit: string, finding: string, source: string}} Judged
 * @typedef {{item: string, person: string | null, mark: string | null, derived: string | null,
 *   values: Record<string, string>, absent: string | null, note: string, reason: string,
 *   corrected_on_site: boolean, correct_by: string | null, photos: {sha256: string, caption: string}[],
 *   warnings: string[], judged: Judged[], preset: boolean}} Answer
 * @typedef {{field: string, code: string, words: string}} Fault
 * @typedef {{answer: Answer, faults: Fault[], complete: boolean}} Reading
 * @typedef {{inspected_on: string, facts?: Record<string, unknown>, others?: Record<string, string>}} Context
 *   the visit's date, its facts, and the values of other answers
 */

export const MARKS = ["IN", "OUT", "NO", "NA"];
export const NOT_SHOWN = "not-shown";
export const NOT_MEASURED = "not-measured";
const [NOTE_LIMIT, REASON_LIMIT, TEXT_LIMIT] = [4000, 1000, 500];
const LATEST_CORRECTION_DAYS = 730;
const ENTERED = "@entered";

/**
 * Turn what was entered for one item into an answer and the list of what is still wrong with it.
 * @param {Record<string, any>} item @param {Raw} raw @param {Context} context @param {string | null} [person]
 * @returns {Reading}
 */
export function readAnswer(item, raw, context, person = null) {
  return isEmpty(raw) ? bare(item.key, person) : new Reader(item, raw, context, person || null).read();
}

/** @param {Raw} raw @returns {boolean} */
export function isEmpty(raw) {
  return !(raw.mark || Object.values(raw.values ?? {}).some(Boolean) || raw.absent || raw.note || raw.reason);
}

/** The reading of nothing yet. @param {string} item @param {string | null} person @returns {Reading} */
export function bare(item, person) {
  const nothing = { mark: null, derived: null, values: {}, absent: null, note: "", reason: "", corrected_on_site: false };
  const more = { correct_by: null, photos: [], warnings: [], judged: [], preset: false };
  return reading({ item, person: person || null, ...nothing, ...more });
}

/** @param {Answer} answer @param {Fault[]} [faults] @returns {Reading} */
export function reading(answer, faults = []) {
  return { answer, faults, complete: answer.mark !== null && !faults.length };
}

/**
 * Is this part asked under the facts, the other answers and the values of its own item?
 * @param {Record<string, any>} part @param {Context} context @param {Record<string, string>} [mine]
 * @returns {boolean}
 */
export function asked(part, context, mine = {}) {
  return !part.when || decide(part.when, { ...context.facts, ...context.others, ...mine }).applies;
}

/** Reads one item; holds the faults found on the way. */
class Reader {
  /** @type {Fault[]} */ faults = [];
  /** @type {Record<string, string>} */ values = {};
  /** @type {Map<string, import("./limits.js").Measured>} */ measured = new Map();
  /** @type {Set<string>} parts whose value could not be read */ wrong = new Set();
  /** @type {Judged[]} */ judged = [];
  /** @type {string[]} */ warnings = [];

  /** @param {Record<string, any>} item @param {Raw} raw @param {Context} context @param {string | null} person */
  constructor(item, raw, context, person) {
    this.item = item;
    this.raw = raw;
    this.context = context;
    this.person = person;
    this.parts = valueParts(item);
  }

  read() {
    this.readValues();
    this.judgeValues();
    const note = this.text("note", NOTE_LIMIT);
    const reason = this.text("reason", REASON_LIMIT);
    const derived = this.derived();
    const mark = this.mark(derived, reason);
    this.missingValues(mark);
    const out = mark === "OUT";
    if (out && !note) this.fault("note", "needs-words", say("Say what you saw: an OUT needs words."));
    if (this.raw.absent === NOT_MEASURED && !(note || reason)) {
      this.fault("note", "needs-reason", say("Say why it could not be measured."));
    }
    const answer = {
      ...bare(this.item.key, this.person).answer,
      mark,
      derived,
      values: this.values,
      absent: this.raw.absent || null,
      note,
      reason,
      corrected_on_site: out && Boolean(this.raw.corrected_on_site),
      correct_by: out ? this.correctBy() : null,
      warnings: this.warnings,
      judged: this.judged,
    };
    return reading(answer, this.faults);
  }

  fault(field, code, words) {
    this.faults.push({ field, code, words });
  }

  /** What `read` returns, or nothing and a fault when it throws Wrong. */
  attempt(field, code, read) {
    try {
      return read();
    } catch (problem) {
      if (!(problem instanceof values.Wrong)) throw problem;
      this.fault(field, code, problem.message);
      return undefined;
    }
  }

  text(field, limit) {
    const entered = this.raw[field];
    if (!entered) return "";
    return this.attempt(field, "text", () => values.text(entered, limit)) ?? values.cleaned(entered);
  }

  // values ----------------------------------------------------------------------------------------------

  /** The values that could be read, as conditions and limits look at them. */
  own() {
    const read = Object.entries(this.values).filter(([key]) => !this.wrong.has(key));
    return Object.fromEntries(read.map(([key, value]) => [`${this.item.key}#${key}`, value]));
  }

  asked(part) {
    return asked(part, this.context, this.own());
  }

  readValues() {
    const known = new Set(this.parts.map((part) => part.key));
    for (const key of Object.keys(this.raw.values ?? {})) {
      if (!known.has(key)) this.fault(`values.${key}`, "unknown", say("This item has no such value."));
    }
    for (const part of this.parts) {
      const entered = values.stripped(own(this.raw.values, part.key) ?? "");
      if (entered && this.asked(part)) this.readValue(part, entered);
    }
  }

  readValue(part, entered) {
    const read = this.attempt(`values.${part.key}`, part.kind, () => this.valueOf(part, entered));
    if (read !== undefined) {
      this.values[part.key] = read;
      const measured = this.measured.get(part.key);
      if (measured && measured.readUnit !== (part.unit || "")) {
        this.values[part.key + ENTERED] = `${decimalText(measured.read)} ${measured.readUnit}`;
      }
      return;
    }
    this.wrong.add(part.key);
    this.values[part.key] = [...values.cleaned(entered)].slice(0, TEXT_LIMIT).join("");
  }

  valueOf(part, entered) {
    if (part.kind === "date") return values.day(entered, this.latest(part));
    if (part.kind === "choice") return values.choice(entered, part);
    if (part.kind !== "number") return values.text(entered, TEXT_LIMIT);
    const measured = values.number(entered, own(this.raw.units, part.key) || part.unit || "", part);
    this.measured.set(part.key, measured);
    return decimalText(measured.value);
  }

  /** Something that has happened cannot lie after the visit; an expiry may. */
  latest(part) {
    return part.limit && looksAhead(part.limit) ? null : this.context.inspected_on;
  }

  limit(part) {
    if (part.limit?.kind !== "cases") return part.limit;
    return standingFor(part.limit, { ...this.context.facts, ...this.context.others, ...this.own() });
  }

  judgeValues() {
    for (const part of this.parts) {
      if (Object.hasOwn(this.values, part.key) && !this.wrong.has(part.key)) this.judge(part);
    }
  }

  judge(part) {
    const value = this.values[part.key];
    if (part.kind === "choice") {
      const { mark } = part.options.find((option) => option.value === value);
      if (mark) this.judged.push({ part: part.key, mark, limit: "", finding: "", source: "" });
      return;
    }
    const limit = this.limit(part);
    if (!limit || part.kind === "text") return;
    const isDate = part.kind === "date";
    const measured = this.measured.get(part.key);
    const judgement = measured
      ? judgeNumber(limit, measured, { ...this.context.others, ...this.own() })
      : judgeDate(limit, value, this.context.inspected_on);
    if (judgement.mark === null) return;
    this.judged.push({
      part: part.key,
      mark: judgement.mark,
      limit: isDate ? describe(limit, part.unit) : judgement.words,
      finding: isDate ? judgement.words : "",
      source: limit.source || "",
    });
    if (judgement.warning) this.warnings.push(say("{name}: {words}", { name: part.label, words: judgement.warning }));
  }

  // mark ------------------------------------------------------------------------------------------------

  derived() {
    if (this.raw.absent) return this.derivedFromAbsence();
    const marks = this.judged.map((row) => row.mark);
    return ["OUT", "NO", "IN", "NA"].find((mark) => marks.includes(mark)) ?? null;
  }

  derivedFromAbsence() {
    if (this.raw.absent !== NOT_SHOWN && this.raw.absent !== NOT_MEASURED) {
      this.fault("absent", "unknown", say("Choose not shown or could not be measured."));
      return null;
    }
    const couldBeMissing = this.parts.filter((part) => part.kind !== "text");
    if (!couldBeMissing.length) {
      this.fault("absent", "no-value", say("This item has no value that could be missing."));
      return null;
    }
    if (couldBeMissing.some((part) => Object.hasOwn(this.values, part.key))) {
      this.fault("absent", "has-value", say("Either give the value or say that it is missing, not both."));
    }
    return this.raw.absent === NOT_SHOWN ? "OUT" : "NO";
  }

  mark(derived, reason) {
    const chosen = this.raw.mark;
    if (!chosen) return this.markFromValues(derived);
    if (!MARKS.includes(chosen)) {
      this.fault("mark", "unknown", say("Choose IN, OUT, NO or NA."));
      return null;
    }
    if (!this.item.marks.includes(chosen) && chosen !== derived) {
      this.fault("mark", "not-offered", say("{mark} does not fit this item.", { mark: chosen }));
      return null;
    }
    if (this.contradicts(chosen, derived) && !reason) {
      const words = say("The value says {derived}. Say why you mark it {mark}.", { derived, mark: chosen });
      this.fault("reason", "needs-reason", words);
    }
    return chosen;
  }

  contradicts(chosen, derived) {
    if (derived === null || chosen === derived) return false;
    // A good value does not vouch for the rest of an item that is also looked at.
    return !(derived === "IN" && chosen === "OUT" && markPart(this.item));
  }

  markFromValues(derived) {
    const part = markPart(this.item);
    const markIsAsked = Boolean(part && part.required && this.asked(part));
    if (derived !== null && (derived !== "IN" || !markIsAsked)) return derived;
    const wrong = this.faults.some((fault) => fault.field.startsWith("values."));
    const given = Object.keys(this.values).length > 0;
    if (markIsAsked || (this.raw.note && !wrong && !given)) {
      this.fault("mark", "needs-mark", say("Choose {marks}.", { marks: values.listed(this.item.marks) }));
    } else if (given && !wrong && derived === null && !this.missing().length) {
      const marks = values.listed(this.item.marks);
      this.fault("mark", "needs-mark", say("No limit judges this value here. Choose {marks}.", { marks }));
    }
    return null;
  }

  missing() {
    return this.parts.filter((part) => !own(this.values, part.key) && this.required(part) && this.asked(part));
  }

  /** A number that the checklist has a limit for here is always asked: a bare mark would pass it by. */
  required(part) {
    return part.required || (part.kind === "number" && Boolean(this.limit(part)));
  }

  missingValues(mark) {
    if (this.raw.absent || mark === "NO" || mark === "NA" || (mark === "OUT" && markPart(this.item))) return;
    for (const part of this.missing()) {
      this.fault(`values.${part.key}`, "missing", say("Give a value: {name}.", { name: part.label }));
    }
  }

  correctBy() {
    const entered = values.stripped(this.raw.correct_by || "");
    if (!entered) return null;
    const first = this.context.inspected_on;
    const latest = plusDays(first, LATEST_CORRECTION_DAYS);
    const day = this.attempt("correct_by", "date", () => values.day(entered, latest));
    if (day === undefined) return null;
    if (day >= first) return day;
    this.fault("correct_by", "too-early", say("The correct-by date lies before the visit."));
    return null;
  }
}

/**
 * One mark for an item asked per practitioner: OUT if any is OUT, else NO, else IN, else NA. While any answer is
 * missing the item has no mark, unless one is OUT already.
 * @param {(string | null)[]} marks
 * @returns {string | null}
 */
export function combine(marks) {
  if (marks.includes("OUT")) return "OUT";
  if (!marks.length || marks.includes(null)) return null;
  return ["NO", "IN"].find((mark) => marks.includes(mark)) ?? "NA";
}

/**
 * Read every entry of a visit together, so that limits see the other answers they depend on.
 * @param {Record<string, any>} checklist the published document
 * @param {{item: string, person?: string | null, value: Raw}[]} entries
 * @param {string} inspectedOn
 * @param {Record<string, unknown>} facts
 * @returns {Map<string, Reading>} by `keyOf(item, person)`
 */
export function settle(checklist, entries, inspectedOn, facts) {
  const steps = settling(checklist, entries, inspectedOn, facts);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As `settle`, entry by entry, for whoever has something else to do between. */
export function* settling(checklist, entries, inspectedOn, facts) {
  const context = { inspected_on: inspectedOn, facts, others: othersOf(checklist, entries) };
  const readings = new Map();
  for (const { item: key, person = null, value } of entries) {
    const item = itemAt(checklist, key);
    if (item) readings.set(keyOf(key, person), readAnswer(item, value, context, person));
    yield;
  }
  return readings;
}

/**
 * Values as other answers may look at them, in base units; what cannot be read is not there for them.
 * @param {Record<string, any>} checklist @param {{item: string, person?: string | null, value: Raw}[]} entries
 * @returns {Record<string, string>} by `item#part`
 */
export function othersOf(checklist, entries) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const { item: key, person, value: raw } of entries) {
    const item = !person && raw.values && itemAt(checklist, key);
    if (!item) continue;
    for (const part of valueParts(item)) {
      const entered = values.stripped(own(raw.values, part.key) ?? "");
      try {
        if (entered) found[`${key}#${part.key}`] = values.stated(entered, own(raw.units, part.key) ?? "", part);
      } catch (problem) {
        if (!(problem instanceof values.Wrong)) throw problem;
      }
    }
  }
  return found;
}
