/** The result and how it came about, told as audit/web/told.py tells it; drawn from the pages' own pieces. */

import { answeredWords } from "./counts.js";
import { dayWords, daysFrom } from "./days.js";
import { drawn, fill, icon, make } from "./dom.js";
import * as engine from "./engine/index.js";
import { say, several } from "./engine/tongue.js";
import { thumbAddress } from "./photos.js";
import { RESULTS, SHAPES, bar, crumbs, link, markOf, part, steps } from "./views.js";

const COUNTED = () => [["IN", say("in order")], ["OUT", say("not in order")], ["NO", say("not observed")], ["NA", say("not applicable")]];
const openCritical = (/** @type {any[]} */ findings) => findings.filter((one) => one.severity === "critical" && !one.corrected_on_site).length;

/** What a visit comes to, in words. @param {import("./visit.js").Visit} visit */
export function told(visit) {
  const { result, findings, journey } = visit.judged;
  const soFar = journey.open ? answeredWords(journey) : "";
  const corrected = findings.filter((one) => one.corrected_on_site).length;
  const under = soFar ? [soFar] : [];
  if (result.status === "uncorrected-critical") under.push(several("{number} finding in all", "{number} findings in all", findings.length));
  if (corrected) under.push(several("{number} corrected on site", "{number} corrected on site", corrected));
  if (result.status === "not-scored") under.push(say("Nothing was rated IN or OUT"));
  const deduction = result.scheme === "deduction";
  return {
    shape: soFar ? "none" : /** @type {any} */ (SHAPES)[result.status],
    headline: soFar ? soFarWords(findings.length) : headline(result.status, findings),
    under: under.join(", "),
    number: visit.document.scope?.length ? null : engine.tenths(result.main),
    numberWords: deduction ? (soFar ? say("of 100 points so far") : say("of 100 points")) : soFar ? say("% of the rated items so far") : say("% of the rated items"),
    counts: COUNTED().map(([mark, words]) => ({ mark, words, count: result.counts[mark] + result.counts[`recommended_${mark}`] })),
    beside: beside(result, findings),
  };
}

/** @param {number} count */
const soFarWords = (count) => (count ? several("{number} finding so far", "{number} findings so far", count) : say("No findings so far"));

/** @param {string} status @param {any[]} findings */
function headline(status, findings) {
  if (status === "findings") return several("{number} finding", "{number} findings", findings.length);
  if (status !== "uncorrected-critical") return /** @type {any} */ (RESULTS())[status];
  return several("{number} critical finding open", "{number} critical findings open", openCritical(findings));
}

/** @param {any} result @param {any[]} findings */
function beside({ counts }, findings) {
  const sum = (/** @type {string} */ prefix) => engine.MARKS.reduce((total, mark) => total + counts[prefix + mark], 0);
  const outside = sum("recommended_");
  if (!outside) return "";
  const words = say("{inside} in the score · {outside} recommended, outside it", { inside: sum(""), outside });
  const beyond = openCritical(findings.filter((one) => one.standing !== "official"));
  if (!beyond) return words;
  return `${words}. ${several("{number} critical finding open is recommended: outside the score", "{number} critical findings open are recommended: outside the score", beyond)}`;
}

/** The composition of the result. @param {import("./visit.js").Visit} visit @param {string} [note] */
export function resultCard(visit, note = "") {
  const card = told(visit), box = drawn("t-result");
  box.className = `card result k-${card.shape}`;
  const [first, score] = /** @type {HTMLElement[]} */ ([...box.children]);
  fill(first, make("p.label", {}, say("Result")), make("h1.words-large", {}, card.headline), card.under && make("p", {}, card.under), note && make("p.quiet", {}, note));
  if (card.number === null) score.remove();
  else fill(score, card.number, make("small", {}, card.numberWords));
  fill(/** @type {Element} */ (box.querySelector(".counts")), ...card.counts.map(({ mark, count, words }) =>
    make(`li.k-${mark}`, {}, icon(`m-${mark}`), make("b", {}, String(count)), make("span", {}, `${mark}, ${words}`))));
  if (card.beside) box.append(make("p.small.quiet", {}, card.beside));
  return box;
}

/** @param {import("./visit.js").Visit} visit */
function how(visit) {
  const { result } = visit.judged, box = drawn("t-how");
  const said = visit.document.scope?.length ? [say("Only former findings were looked at, so there is no score.")] : result.words;
  fill(/** @type {Element} */ (box.querySelector("ul")), ...said.map((words) => make("li", {}, words)));
  const deducted = result.lines.filter((line) => line.mark === "OUT");
  const table = box.querySelector(".scroll");
  if (!deducted.length) table?.remove();
  else fill(/** @type {Element} */ (table?.querySelector("tbody")), ...deducted.map((line) => make("tr", {}, make("td", {}, line.number), make("td", {}, say(line.severity)),
    make("td", {}, line.corrected_on_site ? say("yes") : say("no")), make("td.r", {}, `−${line.deducted}`))));
  return box;
}

/** Of several people's findings on one item only the first carries the name that links lead to.
 * @param {import("./visit.js").Visit} visit @param {any} one @param {boolean} named */
function finding(visit, one, named) {
  const item = /** @type {any} */ (engine.itemAt(visit.checklist, one.item)), who = visit.nameOf(one.person);
  const section = visit.checklist.sections.find((/** @type {any} */ found) => found.items.includes(item));
  const due = one.correct_by === visit.document.inspected_on ? say("at once") : daysFrom(one.correct_by, visit.document.inspected_on);
  const box = drawn("t-finding");
  box.className = `finding s-${one.severity}`;
  if (named) box.id = `f-${one.number}`;
  else box.removeAttribute("id");
  fill(/** @type {Element} */ (box.querySelector("p.row")), make("span.num", {}, one.number), make("span.sevw", {}, say(one.severity)),
    one.standing !== "official" && make("span.chip.unsure", {}, say("recommended")),
    one.corrected_on_site ? markOf("IN", say("Corrected on site"))
      : make("span", {}, make("b", {}, one.stop ? say("Before any further procedure") : say("Correct by {date}", { date: dayWords(one.correct_by) })), !one.stop && `, ${due}`));
  fill(/** @type {Element} */ (box.querySelector("h3")), item.prompt, who && " ", who && make("span.quiet", {}, who));
  /** @type {Element} */ (box.querySelector(".words")).textContent = one.note;
  fill(/** @type {Element} */ (box.querySelector(".do")), make("b", {}, say("To do:")), ` ${one.corrective}`);
  const strip = /** @type {Element} */ (box.querySelector(".strip"));
  if (!one.photos.length) strip.remove();
  else fill(strip, ...one.photos.map((/** @type {any} */ photo, /** @type {number} */ place) => {
    const picture = /** @type {HTMLImageElement} */ (make("img", { alt: photo.caption || say("Photo {number} of {item}", { number: place + 1, item: one.number }), width: 90, height: 90 }));
    thumbAddress(photo.sha256).then((address) => { picture.src = address; });
    return picture;
  }));
  const back = box.querySelector("a");
  if (visit.running) back?.setAttribute("href", `/visits/${visit.id}/sections/${section.key}#i-${one.number}`);
  else back?.parentElement?.remove();
  return box;
}

/** @param {import("./visit.js").Visit} visit */
export const findingList = (visit) => engine.byDeadline(visit.judged.findings)
  .map((one, place, all) => finding(visit, one, all[place - 1]?.number !== one.number));

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export function result(visit, main) {
  const { id } = visit, { journey } = visit.judged, clashes = (visit.document.conflicts ?? []).length;
  const open = [
    journey.open ? several("{number} item is open.", "{number} items are open.", journey.open) : "",
    clashes ? say("Different on two devices: {number}.", { number: clashes }) : "",
  ].filter(Boolean).join(" ");
  const found = findingList(visit);
  fill(main, crumbs([[`/visits/${id}`, say("{clinic}: overview", { clinic: visit.clinicName })]]), steps(id, 1),
    open && make("p.note.warn.part", {}, `${open} `, make("a", { href: `/visits/${id}/check` }, say("See what is open")), `. ${say("The result below counts only what is answered so far.")}`),
    resultCard(visit), how(visit), placard(visit),
    part(say("What must be done"), ...(found.length ? found : [make("p", {}, open ? say("Nothing so far.") : say("Nothing was found."))])),
    nextVisit(visit),
    bar(link(`/visits/${id}`, say("Overview")), !open && link(`/visits/${id}/sign`, say("Go on to sign"), ".go.big")));
}

const PLACARDS = { pass: "IN", "pass-with-notes": "IN", "conditional-pass": "COS", "services-closed": "OUT", "establishment-closed": "OUT" };
const hung = (/** @type {string} */ standing, /** @type {boolean} */ ofService) =>
  markOf(/** @type {any} */ (PLACARDS)[standing], engine.standingWords(standing, ofService));

/** What hangs on the door after this visit, as templates/components/placard.html draws it. @param {import("./visit.js").Visit} visit */
function placard({ judged: { placard: found } }) {
  if (!found) return null;
  const names = /** @type {any} */ (engine.services());
  return part(say("Placard"),
    make("p.row", {}, hung(found.standing, false), found.come_back_by && make("span", {}, say("Re-inspection by {day}.", { day: dayWords(found.come_back_by) }))),
    found.services.length > 1 && make("ul.rows", {}, ...found.services.map(([name, standing]) =>
      make("li", {}, make("div.line", {}, make("span", {}, names[name] ?? name), hung(standing, true))))));
}

/** @param {import("./visit.js").Visit} visit */
function nextVisit({ checklist, judged: { next }, document: { inspected_on: day } }) {
  if (!next) return part(say("Next visit"), make("p", {}, say("The rules of this checklist set no date for the next visit.")));
  const number = (/** @type {string} */ item) => engine.itemAt(checklist, item)?.number;
  const why = next.why.filter(({ code }) => code !== engine.INTERVAL).map(({ code, items }) => {
    const numbers = items.map(number).filter(Boolean).join(", ");
    return `${engine.reasonWords(code)}${numbers ? ` (${numbers})` : ""}`;
  });
  return part(say("Next visit"), make("p", {}, say("By {date}, {distance}", { date: dayWords(next.due), distance: daysFrom(next.due, day) })),
    why.length && make("ul", {}, ...why.map((words) => make("li", {}, words))));
}

/** A visit that is over, to read only. @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export function read(visit, main) {
  const { journey } = visit.judged, sealed = visit.document.state === "sealed";
  const lines = (/** @type {any} */ state) => state.items.flatMap((/** @type {any} */ one) => one.entries.map((/** @type {any} */ entry) => {
    const { answer } = entry.reading, who = visit.nameOf(entry.person);
    return make("li", {}, make("div.line", {}, make("span", {}, make("span.num.quiet.small", {}, one.item.number), ` ${one.item.prompt}${who ? ` · ${who}` : ""}`,
      answer.note && make("br"), answer.note && make("span.small.quiet", {}, answer.note)), markOf(answer.mark)));
  }));
  fill(main, crumbs([["/visits", say("Visits")]]),
    resultCard(visit, `${sealed ? say("Sealed.") : say("Set aside")} ${visit.clinicName}, ${dayWords(visit.document.inspected_on)}`), how(visit), sealed && placard(visit),
    !sealed && make("p.note.warn.part", {}, make("b", {}, say("Set aside.")), ` ${say("This visit counts nowhere. Reason: {reason}", { reason: visit.document.set_aside_reason ?? "" })}`),
    part(say("Findings"), ...findingList(visit)), sealed && nextVisit(visit),
    ...journey.sections.map((state) => part(`${state.section.letter} · ${state.section.title}`, make("ul.rows", {}, ...lines(state)))),
    sealed && make("p.small.quiet.part", {}, say("A sealed visit stays on this tablet for 14 days, to read only. Its report is on the server.")));
}
