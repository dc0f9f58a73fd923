/** The overview of a visit: its sections in any order, how far each one is, critical findings on top. */

import { answeredWords } from "./counts.js";
import { fill } from "./dom.js";
import { dayWords } from "./days.js";
import * as engine from "./engine/index.js";
import { say, several } from "./engine/tongue.js";
import { PURPOSES, STATES, bar, bars, crumbs, link, make, markOf, part, state } from "./views.js";

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export function hub(visit, main) {
  const { journey, findings } = visit.judged, { document: fields, id, checklist } = visit;
  const answered = answeredWords(journey);
  const next = engine.firstUnfinished(journey);
  const marks = journey.sections.flatMap((one) => one.items).map((one) => (one.complete ? one.mark : null));
  const purpose = /** @type {any} */ (PURPOSES())[fields.purpose] ?? fields.purpose;
  const critical = findings.filter((one) => one.severity === "critical" && !one.corrected_on_site);
  fill(main,
    crumbs([["/visits", say("Visits")], [`/clinics/${fields.clinic_id ?? fields.clinic?.id}`, visit.clinicName]]),
    make("div.head", {}, make("div", {}, make("h1", {}, visit.clinicName),
      make("p.quiet", {}, `${purpose} · ${checklist.title} · ${checklist.pack_title} · ${dayWords(fields.inspected_on)}`)),
    make("p.small", {}, make("a", { href: `/visits/${id}/set-up` }, say("Set-up and remarks")))),
    make("section.card.stack.part", { "aria-label": say("Progress") },
      make("p.row.spread", {}, make("b", {}, answered), make("span.small.quiet", {}, factLine(visit))), bars(marks, answered)),
    visit.openFindings.length && make("p.row", {}, link(`/visits/${id}/former`, say("Former findings"))),
    fields.scope?.length && narrow(visit),
    critical.length && part(say("Critical findings"), make("ul.rows.pin", {}, ...critical.map((one) => pinned(visit, one)))),
    part(say("Sections"), make("ul.rows.hub", {}, ...journey.sections.map((one) => row(id, one)))),
    journey.inapplicable.length && make("details.fold.part", {},
      make("summary", {}, several("Not asked at this visit: {number} item", "Not asked at this visit: {number} items", journey.inapplicable.length)),
      make("ul.card.small", {}, ...journey.inapplicable.map((one) => make("li", {}, notAsked(checklist, one))))),
    bar(link(`/visits/${id}/set-aside`, say("Set it aside"), ".stop"), next && link(`/visits/${id}/check`, say("Check answers")),
      next ? link(`/visits/${id}/sections/${next.section.key}`, say("Go on with {section}", { section: next.section.letter }), ".go.big")
        : link(`/visits/${id}/check`, say("Check answers"), ".go.big")));
}

/** A follow-up that looks at some items only; the rest can be added. @param {import("./visit.js").Visit} visit */
function narrow(visit) {
  const number = engine.itemsOf(visit.checklist).length, total = engine.itemsOf(visit.kit.published).length;
  const add = () => visit.act({ kind: "set-up", value: { whole: true } });
  return make("div.note.row.spread.part", {}, make("span", {}, say("Only former findings are looked at: {number} of {total} items.", { number, total })),
    make("button.btn", { type: "button", onclick: add }, say("Add the rest of the checklist")));
}

/** @param {import("./visit.js").Visit} visit */
function factLine({ checklist, document: { facts } }) {
  const asked = checklist.facts.filter((/** @type {any} */ one) => one.scope === "visit" && one.key in facts);
  return asked.map((/** @type {any} */ one) => `${one.label}: ${engine.factWords(one, facts[one.key])}`).join(" · ");
}

/** `K-03 (own autoclave: no)` @param {any} checklist @param {any} one */
export function notAsked(checklist, { item, because: [key, value] }) {
  const fact = checklist.facts.find((/** @type {any} */ found) => found.key === key);
  return `${item.number} (${fact ? `${fact.label}: ${engine.factWords(fact, value)}` : `${key}: ${value}`})`;
}

/** @param {import("./visit.js").Visit} visit @param {any} finding */
function pinned(visit, finding) {
  const section = visit.checklist.sections.find((/** @type {any} */ one) => one.items.some((/** @type {any} */ item) => item.key === finding.item));
  const prompt = engine.itemAt(visit.checklist, finding.item)?.prompt, who = visit.nameOf(finding.person);
  return make("li", {}, make("a", { href: `/visits/${visit.id}/sections/${section.key}#i-${finding.number}` },
    make("span", {}, make("span.t", {}, `${finding.number} ${prompt}${who ? ` · ${who}` : ""}`), make("br"), make("span.small", {}, finding.note)),
    markOf("OUT")));
}

/** @param {string} id @param {import("./engine/steps.js").SectionState} one */
function row(id, one) {
  const { section, answered, total, preset, items } = one;
  const [kind, words] = /** @type {any} */ (STATES())[one.state];
  return make("li", {}, make("a", { href: `/visits/${id}/sections/${section.key}` },
    make("span.letter", {}, section.letter), make("span.t", {}, section.title),
    make("span.c.num", {}, say("{answered} of {total}", { answered, total }), preset && make("br"), preset && say("{number} preset", { number: preset })),
    state(kind, words), bars(items.map((item) => (item.complete ? item.mark : null)))));
}
