/** Former findings without a network: what the visit before left open, as it was taken along, and how it stands today. */

import { dayIn, dayWords, dueLeft } from "./days.js";
import { fill } from "./dom.js";
import * as engine from "./engine/index.js";
import { say, several } from "./engine/tongue.js";
import { thumbAddress } from "./photos.js";
import { bar, crumbs, link, make, markOf, part, state } from "./views.js";

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export function former(visit, main) {
  const rows = visit.openFindings, older = visit.olderFindings, base = `/visits/${visit.id}`;
  fill(main, crumbs([[base, say("{clinic}: overview", { clinic: visit.clinicName })]]),
    make("div.head", {}, make("div", {}, make("h1", {}, rows.length
      ? several("{number} finding was left open last time", "{number} findings were left open last time", rows.length)
      : say("Nothing was left open last time")))),
    make("h2.vh", {}, say("Former findings")),
    ...rows.map((one) => finding(visit, one)),
    older.length && part(say("Still open from visits before"), ...older.map((one) => finding(visit, one))),
    bar(link(base, say("Go on to the sections"), ".go.big")));
}

/** @param {import("./visit.js").Visit} visit @param {any} one */
function finding(visit, one) {
  const item = engine.itemAt(visit.checklist, one.item), today = dayIn(visit.document.time_zone ?? visit.clinic?.clinic?.time_zone, visit.opened);
  const [left, tone] = one.waits ? [one.waits.words, one.waits.tone] : one.stop ? [say("Before any further procedure"), "over"] : dueLeft(one.correct_by, today);
  return make(`article.finding.s-${one.severity}`, {},
    make("p.row.small", {}, make("span.num", {}, one.number), make("span.sevw", {}, say(one.severity)), state(tone, left), make("span.quiet", {}, dayWords(one.correct_by)),
      one.found_on && make("span.quiet", {}, say("Found on {day}", { day: dayWords(one.found_on) }))),
    make("h3", {}, item?.prompt ?? one.number, one.person_name && " ", one.person_name && make("span.quiet", {}, one.person_name)),
    one.note && make("p.words", {}, one.note),
    make("p.do", {}, make("b", {}, say("To do:")), ` ${one.corrective}`),
    ...photos(one),
    one.steps?.length && make("ol.taken", {}, ...one.steps.map(step)),
    standing(visit, item, one));
}

/** What was photographed then, and since. @param {any} one */
function photos({ photos: before = [], after = [], ...one }) {
  const strip = (/** @type {any[]} */ ones) => make("div.strip.do", {}, ...ones.map((photo, place) => picture(photo, place, one)));
  if (!after.length) return before.length ? [strip(before)] : [];
  const label = (/** @type {string} */ words) => make("p.label.do", {}, words);
  const then = before.length ? strip(before) : make("p.small.quiet.do", {}, say("No photo"));
  return [label(say("At the visit")), then, label(say("Since then")), strip(after.map((/** @type {string} */ sha256) => ({ sha256 })))];
}

/** What was said since, as components/action.html says it. @param {any} one */
const step = (one) => make("li", {},
  make("p.row", {}, state(one.shape, one.title), make("span.small.quiet", {}, [one.by, one.at].filter(Boolean).join(" · "))),
  one.words && make("p.words", {}, one.words), one.on && make("p.small.quiet", {}, say("Done on {day}", { day: one.on })));

/** @param {any} photo @param {number} place @param {any} one */
function picture(photo, place, one) {
  const found = /** @type {HTMLImageElement} */ (make("img", { alt: photo.caption || say("Photo {number} of {item}", { number: place + 1, item: one.number }), width: 90, height: 90 }));
  thumbAddress(photo.sha256).then((address) => { found.src = address; });
  return found;
}

/** How the item stands at this visit. Nothing but a mark asked and none given: one tap says that it is in order now.
 *
 * @param {import("./visit.js").Visit} visit @param {any} item @param {any} one
 */
function standing(visit, item, one) {
  const key = engine.keyOf(one.item, one.person), entry = visit.entry(key) ?? visit.entry(engine.keyOf(one.item));
  if (!item || !entry || (one.person && !visit.entry(key))) return make("p.small.quiet.do", {}, say("Not asked at this visit."));
  const { answer } = entry.reading, mark = answer.preset ? null : answer.mark;
  const section = visit.checklist.sections.find((/** @type {any} */ found) => found.items.includes(item));
  const oneTap = !mark && entry === visit.entry(key) && item.marks.includes("IN") && !engine.valueParts(item).length && !visit.kept(key)?.value;
  const hidden = make("span.vh", {}, ` ${one.number}`);
  const confirm = oneTap && make("button.btn.go", { type: "button", onclick: () => visit.answer([{ item: one.item, person: one.person ?? null, value: { mark: "IN" } }]) },
    say("In order now"), hidden.cloneNode(true));
  return make("p.row.spread.do.now-here", {},
    make("span.row", {}, say("Today:"), " ", mark ? markOf(mark) : state("not-started", say("not looked at yet"))), confirm,
    make("a.btn", { href: `/visits/${visit.id}/sections/${section.key}#i-${item.number}` }, mark ? say("See the answer") : say("Look at it now"), hidden));
}
