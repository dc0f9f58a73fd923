// Judges what tests/vectors holds with the tablet's engine and tells it as tests/vectors/telling.py does.

import * as engine from "./engine/index.js";
import { monthsBefore } from "./engine/dates.js";
import { decimal, decimalText } from "./engine/decimals.js";
import { convert } from "./engine/measures.js";
import { text } from "./engine/values.js";

const isEmpty = (value) =>
  value === null || value === undefined || value === "" || value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

/** Leave out what is empty; 0 is not. */
function tidy(value) {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== "object") return value ?? null;
  const kept = Object.entries(value).map(([key, entry]) => [key, tidy(entry)]);
  return Object.fromEntries(kept.filter(([, entry]) => !isEmpty(entry)));
}

const reading = ({ answer, faults, complete }) => tidy({ answer, faults, complete });

function answer(checklist, [key, entered], context) {
  const told = reading(engine.readAnswer(engine.itemAt(checklist, key), entered, context));
  delete told.answer.item;
  return told;
}

const section = ({ section: { key }, state, total, answered, preset, items }) => ({
  key,
  state,
  progress: [total, answered, preset],
  items: items.map((item) => ({
    key: item.item.key,
    mark: item.mark,
    preset: item.preset,
    answered: item.answered,
    entries: item.entries.map((entry) => ({ person: entry.person, reading: reading(entry.reading) })),
  })),
});

function around(journey) {
  const key = journey.sections[1]?.section.key ?? "";
  const beside = [engine.beside(journey, key, -1), engine.beside(journey, key, 1), engine.beside(journey, "nowhere", 1)];
  return beside.map((state) => state && state.section.key);
}

function result({ score, percent, weighted, main, ...rest }) {
  const [told, ...others] = [score, percent, weighted].map(engine.tenths);
  if (main !== (rest.scheme === "deduction" ? score : percent)) throw new Error("the main number is another");
  return { ...rest, score: told, percent: others[0], weighted: others[1] };
}

function visit({ checklist, inspected_on, facts, practitioners, answers, links }) {
  const judged = engine.judge({ checklist, inspected_on, facts, practitioners, answers, links });
  const { journey, findings } = judged;
  const { total, answered, preset, open, done } = journey;
  return tidy({
    sections: journey.sections.map(section),
    progress: { total, answered, preset, open, done },
    first_unfinished: engine.firstUnfinished(journey)?.section.key,
    around: around(journey),
    inapplicable: journey.inapplicable.map(({ item, because }) => [item.key, ...because]),
    kept_aside: journey.kept_aside,
    gaps: journey.gaps.map(({ section: { key }, entry, words }) => [key, entry.item.key, entry.person, words]),
    findings,
    by_deadline: engine.byDeadline(findings).map(({ item, person }) => [item, person]),
    result: result(judged.result),
    next_visit: engine.nextVisit(checklist.due, inspected_on),
  });
}

function fact(row, raw) {
  try {
    const value = engine.readFact(row, raw);
    return { value, shown: value === null ? null : engine.factWords(row, value) };
  } catch (fault) {
    if (!(fault instanceof engine.Wrong)) throw fault;
    return { fault: fault.message };
  }
}

const rules = {
  decide: ([condition, facts]) => {
    const { applies, known, because } = engine.decide(condition, facts);
    return [applies, known, because];
  },
  convert: ([value, unit, base]) => decimalText(convert(decimal(value), unit, base)),
  describe: ([limit, unit]) => engine.describe(limit, unit),
  months_before: ([day, count]) => monthsBefore(day, count),
  several: ([one, many, number]) => engine.several(one, many, number),
  due: ([due, own, severity, on]) => engine.dueDate(due, own, severity, on),
  facts: ([row, raw]) => fact(row, raw),
  hindrances: ([found]) => engine.hindrances(found),
  placard: ([due, every, offered, on]) => {
    const told = engine.placardOf(due, every, offered, on);
    return told && [told.standing, engine.standingWords(told.standing), told.services.map(([name, one]) => [name, engine.standingWords(one, true)]), told.come_back_by];
  },
  next_by: ([due, outs, past, on, purpose, again]) => {
    const told = engine.nextBy(due, outs, past, on, purpose, again);
    return told && [told.due, told.check, told.why.map(({ code, items }) => [engine.reasonWords(code), items])];
  },
  repeats: ([purpose, past, routineOnly]) => engine.allRepeats(purpose, past, routineOnly),
  on_file: ([one, name, item, facts, on]) => {
    const { words, values } = engine.suggestion(one, engine.itemAt(window.lists[name], item), facts, on);
    return [words, values];
  },
  derived: ([name, facts, before, people]) => engine.derivedFacts(window.lists[name], facts, before, people),
};

window.prove = {
  speak: (words, tongue) => engine.speak(words, tongue),
  answers: (checklist, contexts, cases) => cases.map((one) => answer(checklist, one, contexts[one[2]])),
  visits: (checklist, visits) => visits.map((one) => visit({ ...one, checklist })),
  rules: (name, cases) => cases.map(rules[name]),
  fingerprints: (values) => Promise.all(values.map((value) => engine.sha256(value))),
  text: (entered, limit) => {
    try { return text(entered, limit); } catch (wrong) { return wrong.message; }
  },
  canonical: (values) =>
    Promise.all(values.map(async (value) => [engine.canonicalText(value), await engine.sha256(value)])),
  manifests: (visits) =>
    Promise.all(visits.map(async (one) => [engine.canonicalText(engine.manifest(one)), await engine.manifestHash(one)])),
  /** Milliseconds for one judging of a visit, the median of many. */
  time: (checklist, one, times) => {
    const taken = Array.from({ length: times }, () => {
      const start = performance.now();
      engine.judge({ ...one, checklist });
      return performance.now() - start;
    });
    return Math.min(...taken); // what else the machine does is not the engine's
  },
};
