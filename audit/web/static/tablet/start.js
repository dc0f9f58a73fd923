/** Starting a visit without a network, and its set-up later: who is there, and what the day is like. */

import { dayIn } from "./days.js";
import { drawn, fill, make } from "./dom.js";
import * as engine from "./engine/index.js";
import { say } from "./engine/tongue.js";
import { checklistOf, now } from "./kit.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { PURPOSES, bar, crumbs, link } from "./views.js";

/** @param {any} one */
const shaOf = (one) => (typeof one === "string" ? one : one?.sha256 ?? "");

/** @param {string} label @param {Node} input @param {string} [hint] */
const field = (label, input, hint) => make("div.field", {}, make("label", { for: /** @type {Element} */ (input).id }, label), hint && make("span.hint", {}, hint), input);

/** @param {string} name @param {[string, string][]} choices @param {string} value */
const select = (name, choices, value) =>
  make("select", { id: name, name }, ...choices.map(([one, words]) => make("option", { value: one, selected: one === value }, words)));

/** @param {any} fact @param {string} value */
function factField(fact, value) {
  const name = `fact.${fact.key}`;
  if (fact.kind === "int") return field(fact.question, make("input.short", { id: name, name, inputmode: "numeric", value }));
  if (fact.kind !== "bool") return field(fact.question, select(name, [["", say("Not known")], ...fact.options.map((/** @type {any} */ one) => [one.value, one.label])], value));
  const box = drawn("t-yes-no");
  box.id = name;
  /** @type {Element} */ (box.querySelector("legend")).textContent = fact.question;
  for (const input of box.querySelectorAll("input")) { input.name = name; input.checked = input.value === value; }
  return box;
}

/** @param {any[]} people @param {string[]} chosen */
function peopleField(people, chosen) {
  if (!people.length) return make("p.field.note", {}, say("No practitioner is listed for this clinic. Items about people are then asked once."));
  return make("fieldset.field", {}, make("legend", {}, say("Practitioners on duty"), make("span.hint", {}, say("Licence, training and health items are asked for each of them."))),
    make("div.opts", {}, ...people.map((one) => make("label.tick", {}, make("input", { type: "checkbox", name: "practitioners", value: one.id, checked: chosen.includes(one.id) }),
      make("span", {}, one.title ? `${one.name}, ${one.title}` : one.name)))));
}

/** What a follow-up looks at, where anything was left open. */
const scopeField = () => make("fieldset.field", {}, make("legend", {}, say("What a follow-up looks at"), make("span.hint", {}, say("The rest of the checklist can be added during the visit."))),
  make("div.opts", {}, ...[["former", say("Former findings only")], ["whole", say("The whole checklist")]].map(([value, words], place) =>
    make("label.tick", {}, make("input", { type: "radio", name: "scope", value, checked: !place }), make("span", {}, words)))));

/** @param {{title: string, under: string, links: [string, string][], button: string, back: string, checklist: any, people: any[], now: any, kind: string, open?: string[]}} page @param {(said: any) => Promise<void>} give */
function page({ title, under, links, button, back, checklist, people, now, kind, open = [] }, give) {
  const purposes = /** @type {[string, string][]} */ (Object.entries(PURPOSES()).filter(([key]) => key !== "self-audit"));
  const facts = checklist.facts.filter((/** @type {any} */ one) => one.scope === "visit");
  const present = make("textarea", { id: "present", name: "present", rows: 3 }, (now.present ?? []).join("\n"));
  const remarks = make("textarea", { id: "remarks", name: "remarks", rows: 3 }, now.remarks ?? "");
  const form = /** @type {HTMLFormElement} */ (make("form", { "data-kept": "yes" },
    make("div.card", {}, kind !== "self-audit" && field(say("Purpose"), select("purpose", purposes, now.purpose)), open.length && scopeField(), peopleField(people, now.practitioners),
      field(say("Also present"), present, say("Who else is there: one name per line."))),
    make("div.card.part", {}, make("h2", {}, say("About today")), make("p.hint", {}, say("These facts decide which items are asked. Not known asks the item.")),
      ...facts.map((/** @type {any} */ one) => factField(one, String(now.facts?.[one.key] ?? "")))),
    "remarks" in now && make("div.card.part", {}, field(say("General remarks"), remarks)),
    bar(link(back, say("Back")), make("button.btn.go.big", {}, button))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const said = new FormData(form);
    /** @type {Record<string, any>} */
    const known = {};
    for (const fact of facts) {
      try {
        const value = engine.readFact(fact, said.get(`fact.${fact.key}`));
        if (value !== null) known[fact.key] = value;
      } catch (fault) {
        if (!(fault instanceof engine.Wrong)) throw fault;
        form.querySelector(`[name="fact.${fact.key}"]`)?.closest(".field")?.prepend(make("p.err", { role: "alert" }, fault.message));
        return;
      }
    }
    const names = String(said.get("present") ?? "").split("\n").map((one) => one.trim()).filter(Boolean);
    await give({
      purpose: kind === "self-audit" ? kind : String(said.get("purpose")), practitioners: said.getAll("practitioners").map(String), present: names, facts: known,
      ...(said.get("scope") === "former" && said.get("purpose") === "follow-up" ? { scope: open } : {}),
      ...("remarks" in now ? { remarks: String(said.get("remarks") ?? "").trim() } : {}),
    });
  });
  return [crumbs(links), make("div.head", {}, make("div", {}, make("h1", {}, title), make("p.quiet", {}, under))), form];
}

/** @param {string} id of the clinic @param {HTMLElement} main @returns {Promise<boolean>} false when it was not taken along */
export async function start(id, main) {
  const [kit, along] = [await store.clinic(id), await store.kit("bootstrap")];
  const kind = along?.person?.role === "owner" ? "self-audit" : "inspection";
  const sha = shaOf(kit?.checklists?.[kind]), whole = sha && await checklistOf(sha);
  if (!kit || !whole) return false;
  const { clinic, practitioners = [] } = kit, people = practitioners.filter((/** @type {any} */ one) => one.active !== false);
  const id_ = crypto.randomUUID(); // one page starts one visit, however often its button is pressed
  fill(main, ...page({
    title: kind === "self-audit" ? say("Start a self-audit") : say("Start an inspection"), under: `${clinic.name} · ${whole.published.title}`,
    links: [["/clinics", say("Clinics")], [`/clinics/${id}`, clinic.name]], button: say("Start"), back: `/clinics/${id}`, checklist: whole.published, people, kind, open: kit.follow_up,
    now: { purpose: "routine", practitioners: people.map((/** @type {any} */ one) => one.id), present: [], facts: {} },
  }, async (said) => {
    const value = { ...said, clinic_id: id, checklist_sha: sha, kind, inspected_on: dayIn(clinic.time_zone, await now()), time_zone: clinic.time_zone };
    await outbox.give(id_, { kind: "start", value });
    location.assign(kit.open_findings?.length ? `/visits/${id_}/former` : `/visits/${id_}`);
  }));
  return true;
}

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export function setUp(visit, main) {
  const { document: now, checklist, id } = visit;
  fill(main, ...page({
    title: say("Set-up and remarks"), under: `${visit.clinicName} · ${checklist.title}`, links: [[`/visits/${id}`, say("{clinic}: overview", { clinic: visit.clinicName })]],
    button: say("Save"), back: `/visits/${id}`, checklist, kind: now.kind, now: { remarks: "", ...now },
    people: now.people.filter((/** @type {any} */ one, /** @type {number} */ place, /** @type {any[]} */ all) =>
      (one.active !== false || now.practitioners.includes(one.id)) && all.findIndex((other) => other.id === one.id) === place),
  }, async (said) => {
    await visit.act({ kind: "set-up", value: said });
    location.assign(`/visits/${id}`);
  }));
}
