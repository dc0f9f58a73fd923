/** Visits and clinics as far as this tablet has them. */

import { dayWords, momentWords } from "./days.js";
import { fill } from "./dom.js";
import { say, several } from "./engine/tongue.js";
import { takeAlong } from "./kit.js";
import * as store from "./store.js";
import { PURPOSES, crumbs, link, make, part, result, state } from "./views.js";

/** @param {string} id @param {any} along */
const clinicName = async (id, along) => (await store.clinic(id))?.clinic?.name ?? along?.clinics?.find((/** @type {any} */ one) => one.id === id)?.name ?? "";

/** @param {HTMLElement} main */
export async function visits(main) {
  const along = await store.kit("bootstrap"), rows = [];
  for (const visit of await store.visits()) {
    const own = { ...visit.inspection, ...visit };
    const name = visit.clinic?.name ?? await clinicName(own.clinic_id, along);
    const words = { running: say("Running"), sealed: say("Sealed"), "set-aside": say("Set aside") };
    rows.push(make("li", {}, make("a", { href: `/visits/${visit.id}` },
      make("span", {}, make("span.t", {}, name), make("br"), make("span.small.quiet", {}, `${dayWords(own.inspected_on)} · ${/** @type {any} */ (PURPOSES())[own.purpose] ?? ""}`)),
      make("span.w", {}, state(own.state ?? "running", /** @type {any} */ (words)[own.state ?? "running"])))));
  }
  fill(main, make("div.head", {}, make("div", {}, make("h1", {}, say("Visits")), make("p.quiet", {}, say("On this tablet, without a network"))), link("/clinics", say("Start at a clinic"), ".go")),
    rows.length ? make("ul.rows.told", {}, ...rows) : make("div.card.empty", {}, make("p", {}, say("No visit is on this tablet."))));
}

/** @param {HTMLElement} main */
export async function clinics(main) {
  const along = await store.kit("bootstrap"), taken = new Map((await store.clinics()).map((one) => [one.clinic?.id, one]));
  const every = [...(along?.clinics ?? [])];
  for (const one of taken.values()) if (one.clinic && !every.some((row) => row.id === one.clinic.id)) every.push(one.clinic);
  every.sort((one, other) => Number(taken.has(other.id)) - Number(taken.has(one.id)));
  fill(main, make("div.head", {}, make("div", {}, make("h1", {}, say("Clinics")), make("p.quiet", {}, say("A visit can be started where the clinic was taken along.")))),
    every.length ? make("ul.rows.told", {}, ...every.map((one) => make("li", {}, make("a", { href: `/clinics/${one.id}` },
      make("span", {}, make("span.t", {}, one.name), make("br"), make("span.small.quiet", {}, one.address ?? "")),
      make("span.w", {}, taken.has(one.id) ? state("done", say("Taken along")) : say("Not on this tablet"))))))
      : make("div.card.empty", {}, make("p", {}, say("No clinic was taken along."))));
}

/** @param {string} id @param {HTMLElement} main @returns {Promise<boolean>} */
export async function clinic(id, main) {
  const kit = await store.clinic(id);
  if (!kit) return false;
  const { clinic: found, practitioners = [], open_findings: open = [], last_visit: last } = kit;
  const status = last?.status ?? last?.result?.status;
  fill(main, crumbs([["/clinics", say("Clinics")]]),
    make("div.head", {}, make("div", {}, make("h1", {}, found.name), make("p.quiet", {}, [found.address, found.permit && say("Permit {permit}", { permit: found.permit })].filter(Boolean).join(" · "))),
      link(`/clinics/${id}/start`, say("Start an inspection"), ".go")),
    make("p.small.quiet", {}, say("Taken along {time}", { time: momentWords(kit.taken_at, found.time_zone) })),
    last && part(say("Last result"), make("div.card.row.spread", {}, status ? result(status) : "", make("span.small.quiet", {}, dayWords(last.inspected_on)))),
    part(say("To correct"), open.length
      ? make("ul.rows.left", {}, ...open.map((/** @type {any} */ one) => make("li", {}, make("div.line", {},
        make("span", {}, make("span.num.quiet.small", {}, one.number ?? ""), " ", one.severity && make(`span.sevw.is-${one.severity}.small`, {}, say(one.severity)), make("br"), one.note ?? ""),
        make("span.w", {}, dayWords(one.correct_by))))))
      : make("p", {}, say("Nothing left to correct"))),
    part(say("Practitioners"), make("ul.card", {}, ...practitioners.map((/** @type {any} */ one) => make("li", {}, one.title ? `${one.name}, ${one.title}` : one.name)))));
  return true;
}

/** "Take with me" on the clinic's own page. @param {HTMLElement} place @param {string} id */
export async function offerToTake(place, id) {
  const words = make("span.small.quiet", { role: "status" });
  const button = /** @type {HTMLButtonElement} */ (make("button.btn", { type: "button" }, say("Take with me")));
  const stand = async () => {
    const kit = await store.clinic(id);
    if (kit?.taken_at) words.textContent = say("On this tablet since {time}", { time: momentWords(kit.taken_at, kit.clinic?.time_zone) });
    if (kit?.taken_at) button.textContent = say("Take with me again");
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const { checklists } = await takeAlong(id);
      await stand();
      words.textContent = several("On this tablet, with {number} checklist", "On this tablet, with {number} checklists", checklists);
    } catch (fault) {
      words.textContent = fault instanceof Error ? fault.message : String(fault);
    }
    button.disabled = false;
  });
  await stand();
  place.append(button, words);
}
