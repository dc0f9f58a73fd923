/** Signing and sealing: names and strokes are given here and now, the seal is the server's. */

import { dayWords, momentWords } from "./days.js";
import { drawn, fill, icon, make, put } from "./dom.js";
import * as engine from "./engine/index.js";
import { say } from "./engine/tongue.js";
import * as outbox from "./outbox.js";
import { told } from "./result.js";
import * as store from "./store.js";
import { crumbs, cut, markOf, part, steps } from "./views.js";
import { ask } from "./wire.js";

const SHORT = 90;
const SEALING = 120;

/** @param {import("./visit.js").Visit} visit @returns {boolean} nothing is left to answer or to choose */
const ready = (visit) => !visit.judged.journey.open && !(visit.document.conflicts ?? []).length;

/** What is being signed, beside the signature. @param {import("./visit.js").Visit} visit */
function beside(visit) {
  const card = told(visit), { findings, journey } = visit.judged;
  const line = (/** @type {any} */ one) => make("li", {}, make("span.num", {}, one.number), " ", make(`span.sevw.is-${one.severity}`, {}, say(one.severity)),
    one.corrected_on_site && " ", one.corrected_on_site && make("span.quiet", {}, say("corrected on site")), make("br"),
    cut(one.note || engine.itemAt(visit.checklist, one.item)?.prompt, SHORT));
  const facts = [[say("Clinic"), visit.clinicName], [say("Day"), dayWords(visit.document.inspected_on)], [say("Answers"), journey.total], [say("Findings"), findings.length]];
  return [make("h2", { id: "what" }, say("What is being signed")), markOf(card.shape, card.headline),
    card.number !== null && make("p", {}, make("b.num", {}, card.number), ` ${card.numberWords}`),
    make("dl.facts.small", {}, ...facts.flatMap(([words, value]) => [make("dt", {}, String(words)), make("dd", {}, String(value))])),
    make("ul.counts", {}, ...card.counts.map(({ mark, count, words }) => make(`li.k-${mark}`, {}, icon(`m-${mark}`), make("p", {}, make("b", {}, String(count)), ` ${words}`)))),
    findings.length && make("ul.small.stack", {}, ...findings.map(line))];
}

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export async function sign(visit, main) {
  if (!ready(visit)) { location.replace(`/visits/${visit.id}/check`); return; }
  const form = /** @type {HTMLFormElement} */ (drawn("t-sign"));
  fill(/** @type {Element} */ (form.querySelector("aside")), ...beside(visit));
  const own = form.querySelector(".stack-l h2");
  if (own && visit.document.kind === "self-audit") own.textContent = say("You");
  put(form, { result: say("Back to the result"), back: `/visits/${visit.id}/result` });
  fill(main, crumbs([[`/visits/${visit.id}`, say("{clinic}: overview", { clinic: visit.clinicName })]]), steps(visit.id, 2),
    make("div.head", {}, make("div", {}, make("h1", {}, say("Sign")))), form);
  for (const row of visit.document.signatures ?? []) again(form, row);
  form.addEventListener("submit", (event) => { event.preventDefault(); give(visit, form); });
  await import(/** @type {string} */ (form.dataset.pads));
}

/** Signed before: the names and lines are there again. @param {HTMLFormElement} form @param {any} row */
function again(form, row) {
  const kind = row.role === "inspector" ? "inspector" : "charge";
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement | null} */ (form.querySelector(`[name="${name}"]`));
  const name = field(kind === "inspector" ? "inspector" : "charge_name"), lines = field(`${kind}_strokes`);
  if (name) name.value = row.name ?? "";
  if (lines && row.strokes) lines.dataset.kept = JSON.stringify(row.strokes);
  if (kind === "inspector") return;
  const title = field("charge_title"), state = form.querySelector(`[name=charge_state][value="${row.state}"]`);
  if (title) title.value = row.title ?? "";
  if (state) /** @type {HTMLInputElement} */ (state).checked = true;
}

/** @param {HTMLFormElement} form @param {string} name @param {string} words */
function refuse(form, name, words) {
  for (const old of form.querySelectorAll(".err")) old.remove();
  const field = /** @type {HTMLElement} */ (form.querySelector(`[name="${name}"]`));
  const box = field.closest(".field") ?? field;
  box.prepend(make("p.err", { role: "alert" }, words));
  box.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

/** @param {import("./visit.js").Visit} visit @param {HTMLFormElement} form */
async function give(visit, form) {
  const said = new FormData(form), text = (/** @type {string} */ name) => String(said.get(name) ?? "").trim();
  const strokes = (/** @type {string} */ name) => JSON.parse(text(name) || "null");
  const name = text("inspector"), state = text("charge_state"), me = store.person()?.name ?? "";
  const spelled = (/** @type {string} */ one) => one.toLocaleLowerCase().split(/\s+/).join(" ");
  if (!name) return refuse(form, "inspector", say("Type your name to sign."));
  if (spelled(name) !== spelled(me)) return refuse(form, "inspector", say("You are signed in as {name}. Type this name.", { name: me }));
  if (!state && visit.document.kind !== "self-audit") return refuse(form, "charge_state", say("Choose whether the person in charge signs."));
  if (state === "signed" && !text("charge_name")) return refuse(form, "charge_name", say("Type the name of the person who signs."));
  const fingerprint = await engine.manifestHash(await visit.manifest());
  const one = (/** @type {string} */ role, /** @type {string} */ how, /** @type {string} */ who, /** @type {string} */ title, /** @type {any} */ lines) =>
    ({ kind: "signature", value: { role, state: how, name: who, title, how: lines ? "drawn" : "typed", strokes: lines, fingerprint, at: new Date().toISOString() } });
  const acts = [one("inspector", "signed", name, "", strokes("inspector_strokes"))];
  if (state) acts.push(one("person-in-charge", state, text("charge_name"), text("charge_title"), state === "signed" ? strokes("charge_strokes") : null));
  await outbox.giveAll(visit.id, acts);
  location.assign(`/visits/${visit.id}/seal`);
}

// --- sealing -----------------------------------------------------------------------------------------------

const ROLES = () => ({ inspector: say("Inspector"), "person-in-charge": say("Person in charge") });
const SIGNED = () => ({ signed: say("signed"), refused: say("refused to sign"), absent: say("not there") });

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export async function seal(visit, main) {
  const { id, document: fields } = visit, card = told(visit), signatures = fields.signatures ?? [];
  const auditor = signatures.find((/** @type {any} */ one) => one.role === "inspector");
  const lacks = !ready(visit) ? `/visits/${id}/check` : !auditor ? `/visits/${id}/sign` : "";
  if (lacks) { location.replace(lacks); return; }
  const rows = signatures.map((/** @type {any} */ one) => [/** @type {any} */ (ROLES())[one.role], [one.name, one.title].filter(Boolean).join(", "),
    /** @type {any} */ (SIGNED())[one.state], momentWords(one.at, fields.time_zone)]);
  const form = /** @type {HTMLFormElement} */ (drawn("t-seal"));
  put(form, { back: `/visits/${id}/sign` });
  const state = make("div.note.part", { role: "status" });
  fill(main, crumbs([[`/visits/${id}`, say("{clinic}: overview", { clinic: visit.clinicName })]]), steps(id, 3),
    make("h1", {}, say("Signed here, not yet sealed")), state,
    make("div.card.stack.part", {}, make("p.row", {}, markOf(card.shape, card.headline), card.number !== null && make("span", {}, make("b.num", {}, card.number), ` ${card.numberWords}`)),
      card.under && make("p", {}, card.under), make("p.num", {}, card.counts.map(({ mark, count }) => `${count} ${mark}`).join(" · ")),
      make("dl.facts", {}, ...rows.flatMap(([role, who, how, at]) => [make("dt", {}, role), make("dd", {}, [who ? `${who}: ${how}` : how, at].filter(Boolean).join(", "))]))),
    part("", make("p", {}, say("After the seal no answer, note or photo can be changed. The record and its report are kept exactly as they are now; later corrections are added, never written over."))),
    form);
  let offered = false;
  const stand = () => {
    const { phase, words, waiting, photos } = outbox.status.now, clear = !waiting && !photos && (phase === "idle" || phase === "attention");
    const open = clear && navigator.onLine;
    if (open && !offered) {
      offered = true;
      offerPasskey(visit, form, main);
    }
    /** @type {HTMLElement} */ (form.querySelector("[data-when=open]")).hidden = !open;
    /** @type {HTMLButtonElement} */ (form.querySelector(".go")).disabled = !open;
    fill(state, open ? say("Everything is on the server. The seal asks once for your password or passkey.")
      : say("The seal is the server's: it asks for your password or passkey once there is a network and everything has been sent. {state}", { state: words }));
  };
  outbox.status.addEventListener("status", stand);
  addEventListener("online", stand);
  addEventListener("offline", stand);
  stand();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = /** @type {HTMLInputElement} */ (form.querySelector("[name=password]")), password = field.value;
    if (!password) { refuse(form, "password", say("Type your password.")); return; }
    field.value = "";
    finish(visit, form, main, { password });
  });
}

/** Who has a passkey may use it in place of the password. @param {import("./visit.js").Visit} visit @param {HTMLFormElement} form @param {HTMLElement} main */
async function offerPasskey(visit, form, main) {
  const place = /** @type {HTMLElement} */ (form.querySelector("[data-use]"));
  const question = () => ask("POST", `/api/v1/inspections/${visit.id}/passkey`);
  if (!globalThis.PublicKeyCredential || !(await question()).body?.asked) return;
  const { use } = await import(/** @type {string} */ (form.dataset.passkeys));
  const trouble = () => refuse(form, "password", say("No passkey came of it. Try again, or go another way."));
  place.hidden = false;
  place.addEventListener("click", async () => {
    const { body } = await question();
    const passkey = body?.asked && await use(body.asked).catch(() => "");
    if (passkey) await finish(visit, form, main, { passkey });
    else trouble();
  });
}

/** @param {import("./visit.js").Visit} visit @param {HTMLFormElement} form @param {HTMLElement} main @param {{password: string} | {passkey: string}} proof */
async function finish(visit, form, main, proof) {
  const button = /** @type {HTMLButtonElement} */ (form.querySelector(".go"));
  button.disabled = true;
  await outbox.refresh(visit.id);
  await visit.reload("own");
  const signatures = visit.document.signatures ?? [];
  const whole = await visit.manifest(signatures);
  const answer = await ask("POST", `/api/v1/inspections/${visit.id}/finalize`, {
    seconds: SEALING, // the server makes copies of photos that nobody looked at yet
    json: {
      manifest_hash: await engine.manifestHash(whole), answers: whole.answers.length,
      photos: [...new Set(whole.photos.map((/** @type {any} */ one) => one.sha256))],
      signatures: engine.manifest(whole).signatures, manifest: engine.manifest(whole), ...proof,
    },
  });
  button.disabled = false;
  if (answer.kind === "ok" && answer.body.sealed_at) {
    await outbox.refresh(visit.id);
    location.assign(`/visits/${visit.id}/hand-over`);
    return;
  }
  if (answer.status === 403) return refuse(form, "password", answer.words || say("This password is not right. Try again."));
  if (answer.status === 409) { await outbox.refresh(visit.id); return differs(main, answer); }
  refuse(form, "password", answer.words || say("The server did not answer. Nothing is lost: try again."));
}

/** @param {HTMLElement} main @param {import("./wire.js").Answer} answer */
function differs(main, answer) {
  const { missing_photos = [], differing_answers = [], open_conflicts = [], gaps = [] } = answer.body ?? {};
  const count = (/** @type {any} */ one) => (Array.isArray(one) ? one.length : Number(one) || 0);
  const lines = [
    [count(missing_photos), say("photos have not arrived: {number}", { number: count(missing_photos) })],
    [count(differing_answers), say("answers differ between tablet and server: {number}", { number: count(differing_answers) })],
    [count(open_conflicts), say("answers to choose between: {number}", { number: count(open_conflicts) })],
    [count(gaps), say("items open: {number}", { number: count(gaps) })],
  ].filter(([number]) => number).map(([, words]) => make("li", {}, String(words)));
  main.querySelector(".summary")?.remove();
  main.querySelector("h1")?.after(make("div.summary", { role: "alert" }, make("h2", {}, say("It cannot be sealed yet")), answer.words && make("p", {}, answer.words), make("ul", {}, ...lines)));
}

