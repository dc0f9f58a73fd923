/** Before the result: only what is open or differs, each one tap away. */

import { rawWords } from "./cards.js";
import { answeredWords } from "./counts.js";
import { fill } from "./dom.js";
import * as engine from "./engine/index.js";
import { say } from "./engine/tongue.js";
import { bar, crumbs, link, make, part, steps } from "./views.js";

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export function check(visit, main) {
  const { journey } = visit.judged, { id } = visit;
  const clashes = visit.document.conflicts ?? [];
  const gaps = Map.groupBy ? [...Map.groupBy(journey.gaps, (gap) => gap.entry.key).values()] : grouped(journey.gaps);
  const answered = answeredWords(journey), done = !gaps.length && !clashes.length;
  const title = !done ? say("Still open") : journey.preset ? say("Nothing is open") : say("Everything is answered");
  fill(main, crumbs([[`/visits/${id}`, say("{clinic}: overview", { clinic: visit.clinicName })]]), steps(id, 0), make("h1", {}, title),
    clashes.length && part(say("Different on two devices: {number}", { number: clashes.length }),
      make("ul.rows.pin", {}, ...clashes.map((/** @type {any} */ one) => clash(visit, one)))),
    gaps.length && part(say("{answered}, open: {number}", { answered, number: gaps.length }), make("ul.rows", {}, ...gaps.map((one) => gap(visit, one)))),
    done && make("p.part", {}, `${journey.preset ? say("{answered}, because no procedure was under way.", { answered }) : say("All {total} items that apply are answered.", { total: journey.total })} ${say("Next comes the result.")}`),
    bar(link(`/visits/${id}`, say("Overview")), link(`/visits/${id}/result`, done ? say("See the result") : say("Result so far"), done ? ".go.big" : "")));
}

/** @param {import("./engine/steps.js").Gap[]} gaps */
function grouped(gaps) {
  /** @type {Map<string, import("./engine/steps.js").Gap[]>} */
  const found = new Map();
  for (const one of gaps) found.set(one.entry.key, [...(found.get(one.entry.key) ?? []), one]);
  return [...found.values()];
}

/** @param {import("./visit.js").Visit} visit @param {import("./engine/steps.js").Gap[]} gaps */
function gap(visit, gaps) {
  const [{ section, entry: { item, person } }] = gaps, who = visit.nameOf(person);
  return make("li", {}, make("a", { href: `/visits/${visit.id}/sections/${section.key}#i-${item.number}` },
    make("span", {}, make("span.t", {}, make("span.num", {}, item.number), ` ${item.prompt}${who ? ` · ${who}` : ""}`),
      ...gaps.flatMap((one) => [make("br"), make("span.small.quiet", {}, one.words)])),
    make("span.w", {}, say("Answer"))));
}

/** @param {import("./visit.js").Visit} visit @param {any} one */
function clash(visit, one) {
  const item = engine.itemAt(visit.checklist, one.item);
  const section = visit.checklist.sections.find((/** @type {any} */ found) => found.items.includes(item));
  const kept = visit.kept(engine.keyOf(one.item, one.person));
  return make("li", {}, make("a", { href: `/visits/${visit.id}/sections/${section?.key}#i-${item?.number}` },
    make("span", {}, make("span.t", {}, `${item?.number} ${item?.prompt}`), make("br"), make("span.small.quiet", {}, rawWords(item, kept?.value ?? {}))),
    make("span.w", {}, say("Choose"))));
}
