// A visit as a whole: what was entered, and what it comes to (audit/domain/visits.py, facts.py).

import { bare, reading, settle } from "./answers.js";
import { itemAt, itemsOf, keyOf } from "./checklists.js";
import { own } from "./conditions.js";
import { findingsOf } from "./findings.js";
import { standingFor } from "./limits.js";
import { resultOf } from "./scoring.js";
import { journey } from "./steps.js";
import { say, several } from "./tongue.js";

/**
 * Judge a whole visit; findings and result are worked out when somebody asks for them.
 * @param {{checklist: Record<string, any>, inspected_on: string, facts: Record<string, unknown>,
 *   practitioners: string[], answers: {item: string, person?: string | null, value: object}[],
 *   links?: {item: string, person?: string | null, sha256: string, caption?: string}[],
 *   settled?: Map<string, import("./answers.js").Reading>}} visit
 *   facts: profile, visit and derived facts together; settled: the readings of the answers, by whoever has them
 * @returns {{readings: Map<string, import("./answers.js").Reading>, journey: import("./steps.js").Journey,
 *   findings: import("./findings.js").Finding[], result: import("./scoring.js").Result}}
 */
export function judge({ checklist, inspected_on, facts, practitioners, answers, links = [], settled }) {
  const readings = settled ?? settle(checklist, answers, inspected_on, facts);
  for (const { item, person = null, sha256, caption = "" } of links) {
    if (itemAt(checklist, item)) addPhoto(readings, item, person, { sha256, caption });
  }
  const found = journey(checklist, facts, readings, practitioners);
  let findings, result;
  return {
    readings,
    journey: found,
    get findings() { return (findings ??= findingsOf(found, checklist.due, inspected_on)); },
    get result() { return (result ??= resultOf(found, checklist.scheme)); },
  };
}

function addPhoto(readings, item, person, photo) {
  const key = keyOf(item, person);
  const { answer, faults } = readings.get(key) ?? bare(item, person);
  readings.set(key, reading({ ...answer, photos: [...answer.photos, photo] }, faults));
}

/**
 * What keeps a visit from being sealed, in words; empty when it may be sealed.
 * @param {{open: number, conflicts: number, signatures: {role: string, state: string, seen: string}[],
 *   fingerprint: string, self_audit: boolean}} visit
 * @returns {string[]}
 */
export function hindrances({ open, conflicts, signatures, fingerprint, self_audit: selfAudit }) {
  const found = [];
  if (open) found.push(several("{number} item is not complete.", "{number} items are not complete.", open));
  if (conflicts) {
    found.push(
      several(
        "{number} answer differs between devices. Choose first.",
        "{number} answers differ between devices. Choose first.",
        conflicts,
      ),
    );
  }
  if (signatures.some((row) => row.seen !== fingerprint)) {
    found.push(say("What was signed has changed since. Sign again."));
  }
  const signed = (role) => signatures.find((row) => row.role === role);
  if (signed("inspector")?.state !== "signed") {
    found.push(selfAudit ? say("The owner has not signed.") : say("The inspector has not signed."));
  }
  if (!selfAudit && !signed("person-in-charge")) {
    found.push(say("The person in charge has not signed, refused or been marked absent."));
  }
  return found;
}

/**
 * What follows from profile and visit at the start: it is stored with the visit and never recomputed.
 * @param {Record<string, any>} checklist @param {Record<string, unknown>} facts
 * @param {number} visitsBefore @param {number} people
 * @returns {Record<string, boolean | number>}
 */
export function derivedFacts(checklist, facts, visitsBefore, people) {
  const known = { not_first: visitsBefore > 0, practitioners: people, self_audit: checklist.kind === "self-audit" };
  const parts = new Map(
    itemsOf(checklist).flatMap((item) => item.parts.map((part) => [`${item.key}#${part.key}`, part])),
  );
  /** @type {Record<string, boolean | number>} */
  const derived = {};
  for (const fact of checklist.facts) {
    if (fact.scope !== "derived") continue;
    if (fact.threshold) derived[fact.key] = Boolean(standingFor(parts.get(fact.threshold)?.limit ?? null, facts));
    else if (Object.hasOwn(known, fact.key)) derived[fact.key] = own(known, fact.key);
  }
  return derived;
}
