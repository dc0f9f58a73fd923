// What a visit comes to (audit/domain/scoring.py). Only IN and OUT are rated; NO and NA never change a score.
// Scores are integer tenths inside and are rounded half up once, at the end. Only official items count.

import { MARKS } from "./answers.js";
import { SEVERITIES } from "./findings.js";
import { numeral, say } from "./tongue.js";

/**
 * @typedef {{item: string, number: string, severity: string, mark: string, weight: number, deducted: number,
 *   corrected_on_site: boolean}} Line one rated item's share (deducted is 0 for IN)
 * @typedef {{status: string, scheme: string, score: number | null, percent: number | null,
 *   weighted: number | null, main: number | null, may_pass: boolean, lines: Line[],
 *   counts: Record<string, number>, words: string[]}} Result
 *   scores and percents in tenths, or null when nothing is rated; main is the number of the scheme
 */

/** `926` is `92.6`. @param {number | null} value @returns {string | null} */
export const tenths = (value) => (value === null ? null : `${Math.trunc(value / 10)}.${value % 10}`);

/**
 * The result of a visit under its checklist's scheme.
 * @param {import("./steps.js").Journey} journey
 * @param {Record<string, any>} scheme `scheme` of the published document
 * @returns {Result}
 */
export function resultOf(journey, scheme) {
  const every = journey.sections.flatMap((state) => state.items).filter((one) => one.mark !== null).map(rated);
  const lines = every
    .filter((row) => row.official && (row.mark === "IN" || row.mark === "OUT"))
    .map((row) => lineOf(row, scheme));
  const passed = lines.filter((line) => line.mark === "IN");
  const status = statusOf(every, lines);
  const score = lines.length ? Math.max(0, 100 - sum(lines, "deducted")) * 10 : null;
  const percent = percentOf(passed.length, lines.length);
  return {
    status,
    scheme: scheme.kind,
    score,
    percent,
    weighted: percentOf(sum(passed, "weight"), sum(lines, "weight")),
    main: scheme.kind === "deduction" ? score : percent,
    may_pass: scheme.may_pass && lines.length > 0 && (status === "no-findings" || status === "findings"),
    lines,
    counts: countsOf(every),
    words: wordsOf(lines, passed, scheme),
  };
}

const sum = (rows, name) => rows.reduce((total, row) => total + row[name], 0);
const tally = (rows, test) => rows.filter(test).length;

/** One item as it enters the score: its mark over all practitioners; corrected when every OUT was. */
function rated({ item, mark, entries }) {
  const outs = entries.map((entry) => entry.reading.answer).filter((answer) => answer.mark === "OUT");
  return {
    item: item.key,
    number: item.number,
    severity: item.severity,
    mark,
    corrected_on_site: outs.length > 0 && outs.every((answer) => answer.corrected_on_site),
    official: item.standing === "official",
  };
}

function lineOf({ item, number, severity, mark, corrected_on_site }, scheme) {
  const weight = Number(scheme.weights[severity]);
  const spared = corrected_on_site && !scheme.cos_deducts;
  const deducted = mark === "OUT" && !spared ? weight : 0;
  return { item, number, severity, mark, weight, deducted, corrected_on_site };
}

/** Tenths of a percent, half up, without fractions. */
function percentOf(part, whole) {
  return whole ? Math.floor((part * 2000 + whole) / (2 * whole)) : null;
}

function statusOf(every, lines) {
  const outs = every.filter((row) => row.mark === "OUT");
  if (outs.some((row) => row.severity === "critical" && !row.corrected_on_site)) return "uncorrected-critical";
  if (outs.length) return "findings";
  return lines.length ? "no-findings" : "not-scored";
}

function countsOf(every) {
  const official = every.filter((row) => row.official);
  const outs = official.filter((row) => row.mark === "OUT");
  /** @type {Record<string, number>} */
  const counts = {};
  for (const mark of MARKS) counts[mark] = tally(official, (row) => row.mark === mark);
  counts.COS = tally(outs, (row) => row.corrected_on_site);
  for (const severity of SEVERITIES) counts[severity] = tally(outs, (row) => row.severity === severity);
  for (const mark of MARKS) counts[`recommended_${mark}`] = tally(every, (row) => row.mark === mark && !row.official);
  return counts;
}

function wordsOf(lines, passed, scheme) {
  if (!lines.length) return [say("No item was rated IN or OUT, so there is no score.")];
  const taken = sum(lines, "deducted");
  const words = [
    deductionWords(lines, taken, scheme),
    say("Percent: {count} of {total} rated items are IN = {percent} %", shareOf(passed.length, lines.length)),
    say("Weighted: {count} of {total} points = {percent} %", shareOf(sum(passed, "weight"), sum(lines, "weight"))),
  ];
  const spared = tally(lines, (line) => line.corrected_on_site && !line.deducted);
  if (spared) words.push(say("Corrected on site and not deducted: {count}", { count: spared }));
  else if (lines.some((line) => line.corrected_on_site)) {
    words.push(say("Items corrected on site still deduct: they were seen."));
  }
  return words;
}

function shareOf(count, total) {
  return { count, total, percent: numeral(tenths(percentOf(count, total)) ?? "") };
}

function deductionWords(lines, taken, scheme) {
  const steps = ["100"];
  for (const severity of SEVERITIES) {
    const count = tally(lines, (line) => line.severity === severity && line.deducted);
    if (count) steps.push(`${count} ${say(severity)} × ${Number(scheme.weights[severity])}`);
  }
  const points = Math.max(0, 100 - taken);
  const deduction = say("Deduction: {steps} = {points}", { steps: steps.join(" − "), points });
  return taken > 100 ? say("{deduction} (never below 0)", { deduction }) : deduction;
}
