// When to come back, and what hangs on the door until then (audit/domain/history.py, placard.py).

import { afterWorkingDays, nextVisit } from "./due.js";
import { plusDays } from "./dates.js";
import { say } from "./tongue.js";

/**
 * @typedef {{inspected_on: string, purpose: string, outs: Record<string, boolean>, asked: string[] | null}} Past
 *   a sealed visit: items that were OUT, with whether they were corrected on site; `asked` where it looked at some only
 * @typedef {{item: string, severity: string, corrected_on_site: boolean}} Out
 * @typedef {{severity: string, corrected_on_site: boolean, service: string | null}} Infraction
 * @typedef {{standing: string, services: [string, string][], come_back_by: string | null}} Placard
 * @typedef {{due: string, check: boolean, why: {code: string, items: string[]}[]}} NextVisit
 */

export const INTERVAL = "interval";
const PLACARD = "placard";
const [PASS, NOTES, CONDITIONAL, SERVICES_CLOSED, CLOSED] = ["pass", "pass-with-notes", "conditional-pass", "services-closed", "establishment-closed"];
const ORDER = [PASS, NOTES, CONDITIONAL, SERVICES_CLOSED, CLOSED];

/** A reason for the day in words. @param {string} code */
export const reasonWords = (code) => ({
  [INTERVAL]: say("Nothing that asks for an earlier visit."),
  "uncorrected-critical": say("A critical finding was not corrected during the visit."),
  "corrected-again": say("A critical finding that was corrected last time is there again."),
  "still-there": say("A critical finding that was not corrected last time is still there: the rule names a notice of intent to suspend or revoke."),
  "second-repeat": say("A finding is there for the second time as a repeat."),
  [PLACARD]: say("The placard asks for a re-inspection."),
})[code] ?? code;

/** The facts of a clinic's profile that are services, and their words. */
export const services = () => ({
  smp: say("Scalp micropigmentation"), tattoo: say("Tattooing"), permanent_makeup: say("Permanent make-up"), piercing: say("Piercing"),
});

/** @param {string} standing @param {boolean} [ofService] of a single service the same standing says less */
export const standingWords = (standing, ofService = false) => ({
  [PASS]: say("Pass"), [NOTES]: say("Pass with notes"), [CONDITIONAL]: say("Conditional pass"), [SERVICES_CLOSED]: say("Service closed"),
  [CLOSED]: ofService ? say("Service closed") : say("Establishment closed"),
})[standing] ?? standing;

/**
 * The items that would be a repeat if they were OUT now, with the days of the unbroken run, newest first.
 * @param {string} purpose @param {Past[]} past @param {boolean} routineOnly
 * @returns {Record<string, string[]>}
 */
export function allRepeats(purpose, past, routineOnly) {
  const items = [...new Set(past.flatMap((one) => Object.keys(one.outs)))].sort();
  const found = items.map((item) => /** @type {[string, string[]]} */ ([item, repeats(item, compared(purpose, past, routineOnly))]));
  return Object.fromEntries(found.filter(([, days]) => days.length));
}

/** @param {string} item @param {Past[]} earlier @returns {string[]} */
function repeats(item, earlier) {
  const run = [];
  for (const one of earlier.filter((past) => lookedAt(past, item))) {
    if (!Object.hasOwn(one.outs, item)) break;
    run.push(one.inspected_on);
  }
  return run;
}

/** @param {Past} past @param {string} item */
const lookedAt = (past, item) => !past.asked || past.asked.includes(item);

/** The visits this one is compared with, newest first. @param {string} purpose @param {Past[]} past @param {boolean} routineOnly */
function compared(purpose, past, routineOnly) {
  if (routineOnly && purpose !== "routine") return [];
  const kept = past.filter((one) => !routineOnly || one.purpose === "routine");
  return kept.sort((one, other) => (one.inspected_on < other.inspected_on ? 1 : one.inspected_on > other.inspected_on ? -1 : 0));
}

/**
 * The next visit by what a published checklist says, or none; the earliest day stands, with the reasons for it.
 * @param {Record<string, any>} rules `due` of the published document
 * @param {Out[]} outs @param {Past[]} past @param {string} inspectedOn @param {string} purpose
 * @param {string | null} comeBackBy the day a placard asks for
 * @returns {NextVisit | null}
 */
export function nextBy(rules, outs, past, inspectedOn, purpose, comeBackBy) {
  const plain = nextVisit(rules, inspectedOn), found = [];
  if (rules.follow_up) found.push(afterStatus(rules.follow_up, outs, past, inspectedOn, purpose));
  else if (plain) found.push({ due: plain, check: false, why: [{ code: INTERVAL, items: [] }] });
  if (comeBackBy) found.push({ due: comeBackBy, check: true, why: [{ code: PLACARD, items: [] }] });
  return found.reduce((/** @type {NextVisit | null} */ least, one) => (least && least.due <= one.due ? least : one), null);
}

/** @param {any} rule @param {Out[]} outs @param {Past[]} past @param {string} on @param {string} purpose @returns {NextVisit} */
function afterStatus(rule, outs, past, on, purpose) {
  const earlier = compared(purpose, past, Boolean(rule.routine_only));
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  for (const out of outs) {
    const code = reason(out, earlier);
    if (code) found.set(code, (found.get(code) ?? new Set()).add(out.item));
  }
  const why = [...found].map(([code, items]) => ({ code, items: [...items] }));
  const due = plusDays(on, Number(why.length ? rule.check_days : rule.routine_days));
  return { due, check: why.length > 0, why: why.length ? why : [{ code: INTERVAL, items: [] }] };
}

/** @param {Out} out @param {Past[]} earlier */
function reason(out, earlier) {
  const [last = {}, beforeLast = {}] = earlier.filter((one) => lookedAt(one, out.item)).map((one) => one.outs);
  const was = (/** @type {Record<string, boolean>} */ outs) => Object.hasOwn(outs, out.item);
  if (out.severity !== "critical") return was(last) && was(beforeLast) ? "second-repeat" : "";
  if (was(last) && !last[out.item]) return "still-there";
  if (!out.corrected_on_site) return "uncorrected-critical";
  return was(last) ? "corrected-again" : "";
}

/**
 * What hangs on the door: every service is judged, then the establishment.
 * @param {Record<string, any>} rules `due` of the published document
 * @param {Infraction[]} every @param {string[]} offered @param {string} inspectedOn
 * @returns {Placard | null} none where the rules have no placards
 */
export function placardOf(rules, every, offered, inspectedOn) {
  if (!rules.placard) return null;
  const { minor_only: minorOnly, working_days: days } = rules.placard;
  const of = (/** @type {Infraction} */ one) => standingOf(one, minorOnly);
  const known = [...new Set([...offered, ...every.flatMap((one) => one.service ?? [])])];
  const judged = known.map((name) => /** @type {[string, string]} */ ([name, worst(every.filter((one) => one.service === null || one.service === name).map(of))]));
  const whole = worst(every.filter((one) => one.service === null).map(of)), own = judged.map(([, standing]) => standing);
  const closed = own.filter((standing) => standing === CLOSED).length;
  let standing = worst([whole, ...own]);
  if (whole === CLOSED || (closed && closed === own.length)) standing = CLOSED;
  else if (closed) standing = SERVICES_CLOSED;
  const again = standing !== PASS && standing !== NOTES;
  return { standing, services: judged, come_back_by: again ? afterWorkingDays(rules, inspectedOn, Number(days)) : null };
}

/** @param {Infraction} one @param {string} minorOnly */
function standingOf(one, minorOnly) {
  if (one.severity === "critical") return one.corrected_on_site ? CONDITIONAL : CLOSED;
  return one.severity === "major" ? CONDITIONAL : minorOnly;
}

/** @param {string[]} standings */
const worst = (standings) => standings.reduce((most, one) => (ORDER.indexOf(one) > ORDER.indexOf(most) ? one : most), PASS);
