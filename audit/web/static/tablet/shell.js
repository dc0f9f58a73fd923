/** Stands in for the pages of a visit while there is no network, under the same addresses. */

import { ready } from "./boot.js";
import { build } from "./cards.js";
import { check } from "./check.js";
import { answeredWords } from "./counts.js";
import { drawn, make } from "./dom.js";
import * as engine from "./engine/index.js";
import { say } from "./engine/tongue.js";
import { hub, notAsked } from "./hub.js";
import * as places from "./places.js";
import { read, result } from "./result.js";
import { Section } from "./section.js";
import { seal, sign } from "./sign.js";
import { setUp, start } from "./start.js";
import { Visit } from "./visit.js";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** @typedef {(visit: Visit, main: HTMLElement) => void | Promise<void>} View */

/** Views that are drawn anew whenever something changes. @type {Record<string, View>} */
const LIVE = { "": (visit, main) => (visit.running ? hub(visit, main) : read(visit, main)), check, result };
/** @type {Record<string, View>} */
const ONCE = { sign, seal, "set-up": setUp, "hand-over": read };

/** @param {string} path @param {HTMLElement} main @returns {Promise<boolean>} whether this tablet can draw the page */
async function draw(path, main) {
  if (path === "/" || path === "/visits") return places.visits(main).then(() => true);
  if (path === "/clinics") return places.clinics(main).then(() => true);
  const clinic = path.match(`^/clinics/(${UUID})(/start)?$`);
  if (clinic) return clinic[2] ? start(clinic[1], main) : places.clinic(clinic[1], main);
  const [, id, rest = ""] = path.match(`^/visits/(${UUID})(?:/(.*))?$`) ?? [];
  const visit = id && await Visit.open(id);
  if (!visit) return false;
  const [kind, key] = rest.split("/");
  if (kind === "items") { location.replace(`/visits/${id}/sections/${sectionOf(visit, key)}`); return true; }
  if (!visit.running) { read(visit, main); return true; }
  if (kind === "sections") return section(visit, key, main);
  const view = LIVE[rest] ?? ONCE[rest];
  if (!view) return false;
  narrow(main, rest);
  await view(visit, main);
  if (rest in LIVE) visit.addEventListener("changed", () => view(visit, main));
  visit.watch();
  return true;
}

/** @param {HTMLElement} main @param {string} kind */
const narrow = (main, kind) => main.classList.toggle("narrow", ["check", "seal", "set-up"].includes(kind));

/** @param {Visit} visit @param {string} item */
const sectionOf = (visit, item) => visit.checklist.sections.find((/** @type {any} */ one) => one.items.some((/** @type {any} */ row) => row.key === item))?.key ?? "";

/** The section's own form, filled with the checklist's empty cards. @param {Visit} visit @param {string} key @param {HTMLElement} main */
function section(visit, key, main) {
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

/** Draws a page of a visit in place of what the server drew before it knew all. @param {HTMLElement} main */
export async function begin(main) {
  const { works, person } = await ready;
  const sorry = document.getElementById("shell");
  if (!works || !person) { sorry?.classList.remove("late"); return; }
  const nav = /** @type {HTMLTemplateElement | null} */ (document.getElementById("t-nav"));
  if (nav && !document.querySelector(".top nav")) document.getElementById("outbox")?.before(nav.content.cloneNode(true));
  for (const one of document.querySelectorAll(".top nav a")) {
    if (location.pathname.startsWith(/** @type {string} */ (one.getAttribute("href")))) one.setAttribute("aria-current", "page");
  }
  if (!(await draw(location.pathname, main))) sorry?.classList.remove("late");
  main.dataset.drawn = "yes";
}

if (document.getElementById("shell")) await begin(/** @type {HTMLElement} */ (document.getElementById("main")));
