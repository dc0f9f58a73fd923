// A failed item is a finding: one per item, or per practitioner who is OUT (audit/domain/findings.py).

import { inOrder } from "./canonical.js";
import { dueDate } from "./due.js";

export const SEVERITIES = ["critical", "major", "minor"];

/**
 * @typedef {{item: string, number: string, person: string | null, severity: string, standing: string,
 *   note: string, corrective: string, corrected_on_site: boolean, correct_by: string, stop: boolean,
 *   photos: {sha256: string, caption: string}[]}} Finding `stop`: no procedure before it is corrected
 */

/**
 * The findings of a visit in the order of the checklist.
 * @param {import("./steps.js").Journey} journey
 * @param {Record<string, any>} rules `due` of the published document
 * @param {string} inspectedOn
 * @returns {Finding[]}
 */
export function findingsOf(journey, rules, inspectedOn) {
  return journey.sections
    .flatMap((state) => state.items.flatMap((one) => one.entries))
    .filter((entry) => entry.reading.answer.mark === "OUT")
    .map((entry) => findingOf(entry, rules, inspectedOn));
}

function findingOf({ item, person, reading: { answer } }, rules, inspectedOn) {
  return {
    item: item.key,
    number: item.number,
    person,
    severity: item.severity,
    standing: item.standing,
    note: answer.note,
    corrective: item.corrective,
    corrected_on_site: answer.corrected_on_site,
    correct_by: answer.correct_by ?? dueDate(rules, item.correct_by, item.severity, inspectedOn),
    stop: Boolean(item.correct_by?.stop),
    photos: answer.photos,
  };
}

/** Open ones first, the earliest and gravest on top; corrected ones last. @param {Finding[]} findings */
export function byDeadline(findings) {
  const place = (found) => [
    Number(found.corrected_on_site),
    found.correct_by,
    SEVERITIES.indexOf(found.severity),
    found.number,
  ];
  return [...findings].sort((one, other) => inOrder(place(one), place(other)));
}
