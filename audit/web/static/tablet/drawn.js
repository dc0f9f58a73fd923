/** A section without a network: the page's own form, filled with the checklist's empty cards. */

import { build } from "./cards.js";
import { answeredWords } from "./counts.js";
import { drawn, make } from "./dom.js";
import * as engine from "./engine/index.js";
import { say } from "./engine/tongue.js";
import { notAsked } from "./hub.js";
import { Section } from "./section.js";

/** @param {Visit} visit @param {string} key @param {HTMLElement} main */
export function section(visit, key, main) {
  const { journey } = visit.judged, place = journey.sections.findIndex((one) => one.section.key === key);
  const state = journey.sections[place];
  if (!state) return false;
  const form = /** @type {HTMLFormElement} */ (drawn("t-section")), following = journey.sections[place + 1];
  const base = `/visits/${visit.id}`;
  form.dataset.visit = visit.id;
  form.dataset.section = key;
  form.dataset.next = following ? `${base}/sections/${following.section.key}` : `${base}/check`;
  const title = `${state.section.letter} · ${state.section.title}`;
  /** @type {Element} */ (form.querySelector("h1")).textContent = title;
  const counts = /** @type {Element} */ (form.querySelector("[data-counts]"));
  counts.replaceChildren(`${say("Section {position} of {total}", { position: place + 1, total: journey.sections.length })} · `, make("b", {}, answeredWords(journey)));
  const rail = /** @type {Element} */ (form.querySelector(".rail"));
  /** @type {Element} */ (rail.querySelector("span")).textContent = visit.clinicName;
  for (const one of journey.sections) {
    rail.append(make("button.link", { name: "go", value: `section:${one.section.key}`, "aria-current": one === state && "true" },
      make("b", {}, one.section.letter), make("span", {}, one.section.title), make("span.num", {}, `${one.answered}/${one.total}`)));
  }
  const cards = state.items.map((one) => build(one.item, engine.peopleFor(one.item, visit.practitioners), visit));
  const bar = /** @type {Element} */ (form.querySelector(".bar"));
  form.querySelector(".empty")?.remove();
  bar.before(...cards.map((card) => card.element));
  const not = journey.inapplicable.filter((one) => state.section.items.includes(one.item)).map((one) => notAsked(visit.checklist, one));
  if (not.length) bar.before(make("p.small.quiet.part", {}, say("Not asked here: {items}.", { items: not.join("; ") })));
  main.replaceChildren(form);
  document.title = `${title} · clinic-audit`;
  for (const card of cards) card.element.open = !card.complete || card.troubled;
  new Section(form, visit, cards).begin();
  visit.watch();
  return true;
}
