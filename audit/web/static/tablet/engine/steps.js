// Where a visit stands: which items apply, which are answered, what comes next (audit/domain/steps.py).

import { bare, combine, reading } from "./answers.js";
import { keyOf } from "./checklists.js";
import { decide, own } from "./conditions.js";
import { say } from "./tongue.js";

export const NOT_STARTED = "not started";
export const LOOKED_AT = "looked at";
export const MISSING = "something missing";
export const DONE = "done";

/**
 * @typedef {import("./answers.js").Reading} Reading
 * @typedef {{item: Record<string, any>, person: string | null, key: string, reading: Reading}} Entry
 * @typedef {{item: Record<string, any>, entries: Entry[], mark: string | null, complete: boolean,
 *   preset: boolean, answered: boolean}} ItemState
 *   preset: complete only because it began as NO; answered: complete by what people entered
 * @typedef {{section: Record<string, any>, items: ItemState[], total: number, answered: number, preset: number,
 *   state: string}} SectionState
 * @typedef {{section: Record<string, any>, entry: Entry, words: string}} Gap
 * @typedef {{sections: SectionState[], inapplicable: {item: Record<string, any>, because: [string, string]}[],
 *   kept_aside: import("./answers.js").Answer[], total: number, answered: number, preset: number, open: number,
 *   done: boolean, gaps: Gap[]}} Journey
 */

/**
 * Lay the readings of a visit over its checklist. An item that does not apply counts nowhere and is listed once;
 * what was answered for it is kept aside. An item asked per practitioner is asked once when nobody works there.
 * @param {Record<string, any>} checklist
 * @param {Record<string, unknown>} facts
 * @param {Map<string, Reading>} readings from `settle`
 * @param {string[]} practitioners
 * @returns {Journey}
 */
export function journey(checklist, facts, readings, practitioners) {
  const sections = [];
  const inapplicable = [];
  for (const section of checklist.sections) {
    const items = [];
    for (const item of section.items) {
      const decision = decide(item.applies_when, facts);
      if (!decision.applies && decision.because) inapplicable.push({ item, because: decision.because });
      else items.push(itemState(item, facts, readings, practitioners));
    }
    if (items.length) sections.push(sectionState(section, items));
  }
  const used = new Set(sections.flatMap((state) => state.items.flatMap((one) => one.entries.map(({ key }) => key))));
  const [total, answered, preset] = ["total", "answered", "preset"].map((name) => sum(sections, name));
  const open = total - answered - preset;
  return {
    sections,
    inapplicable,
    kept_aside: [...readings].flatMap(([key, { answer }]) => (!used.has(key) && holds(answer) ? [answer] : [])),
    total,
    answered,
    preset,
    open,
    done: open === 0,
    gaps: sections.flatMap(gapsOf),
  };
}

const sum = (rows, name) => rows.reduce((total, row) => total + row[name], 0);

/** One that was emptied again holds nothing. */
function holds({ mark, absent, note, reason, values, photos }) {
  return Boolean(mark || absent || note || reason || Object.keys(values).length || photos.length);
}

/** Who an item is answered for. @returns {(string | null)[]} */
export function peopleFor(item, practitioners) {
  return item.per_practitioner && practitioners.length ? practitioners : [null];
}

/** @param {Journey} found @param {string} key @param {number} step 1 is the next, -1 the one before */
export function beside(found, key, step) {
  const place = found.sections.findIndex((state) => state.section.key === key);
  return place < 0 ? null : (found.sections[place + step] ?? null);
}

/** @param {Journey} found @returns {SectionState | null} */
export function firstUnfinished(found) {
  return found.sections.find((state) => state.state !== DONE) ?? null;
}

/** Without a procedure to look at, an item that needs sight begins as NO; the inspector may change it. */
export function isPreset(item, facts) {
  return item.needs_sight && [false, "false"].includes(own(facts, "procedure_observed"));
}

function itemState(item, facts, readings, practitioners) {
  const begins = isPreset(item, facts);
  const entries = peopleFor(item, practitioners).map((person) => {
    const key = keyOf(item.key, person);
    return { item, person, key, reading: readingOf(item, person, readings.get(key), begins) };
  });
  const complete = entries.every((entry) => entry.reading.complete);
  const preset = complete && entries.some((entry) => entry.reading.answer.preset);
  const mark = combine(entries.map((entry) => entry.reading.answer.mark));
  return { item, entries, mark, complete, preset, answered: complete && !preset };
}

function readingOf(item, person, found, begins) {
  if (found && (found.complete || found.faults.length)) return found;
  const open = found ?? bare(item.key, person);
  return begins ? reading({ ...open.answer, mark: "NO", preset: true }) : open;
}

function sectionState(section, items) {
  const readings = items.flatMap((one) => one.entries.map((entry) => entry.reading));
  const [answered, preset] = ["answered", "preset"].map((name) => items.filter((one) => one[name]).length);
  return { section, items, total: items.length, answered, preset, state: stateOf(readings) };
}

function stateOf(readings) {
  if (readings.every((one) => one.complete)) return DONE;
  if (readings.some((one) => one.faults.length)) return MISSING;
  return readings.some((one) => one.complete && !one.answer.preset) ? LOOKED_AT : NOT_STARTED;
}

/** What keeps a section from being sealed: entries that are open, or that have faults. */
function gapsOf({ section, items }) {
  return items
    .flatMap((one) => one.entries)
    .filter((entry) => !entry.reading.complete)
    .flatMap((entry) => {
      const words = entry.reading.faults.map((fault) => fault.words);
      return (words.length ? words : [say("Not answered yet.")]).map((said) => ({ section, entry, words: said }));
    });
}
