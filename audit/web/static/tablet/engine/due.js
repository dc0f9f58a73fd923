// When must a finding be corrected? Days are counted from the visit's local date (audit/domain/due.py).

import { plusDays, weekday } from "./dates.js";

/**
 * The correct-by date: the item's own rule, else by severity.
 * @param {Record<string, any>} rules `due` of the published document
 * @param {{kind: string, count: string, stop: boolean} | null} correctBy the item's own rule
 * @param {string} severity
 * @param {string} inspectedOn
 * @returns {string}
 */
export function dueDate(rules, correctBy, severity, inspectedOn) {
  const bySeverity = plusDays(inspectedOn, Number(rules.severity_days[severity]));
  if (!correctBy) return bySeverity;
  if (correctBy.kind === "working_days") return afterWorkingDays(rules, inspectedOn, Number(correctBy.count));
  if (correctBy.kind === "next_visit") return nextVisit(rules, inspectedOn) ?? bySeverity;
  return plusDays(inspectedOn, Number(correctBy.count));
}

/**
 * The next routine visit by the pack's plain interval, or none where it has none.
 * @param {Record<string, any>} rules @param {string} inspectedOn
 * @returns {string | null}
 */
export function nextVisit(rules, inspectedOn) {
  return rules.next_visit_days == null ? null : plusDays(inspectedOn, Number(rules.next_visit_days));
}

/** The day on which that many working days have passed; the start does not count. */
export function afterWorkingDays(rules, start, workingDays) {
  const weekend = rules.weekend.map(Number);
  let day = start;
  for (let left = workingDays; left > 0; ) {
    day = plusDays(day, 1);
    if (!weekend.includes(weekday(day)) && !rules.holidays.includes(day)) left -= 1;
  }
  return day;
}
