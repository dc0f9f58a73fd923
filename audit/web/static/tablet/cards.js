/** The item cards: the server draws them, here they come alive. The same code fills the empty ones without a network.
 *
 *  adopt(details, visit) -> Card      a card that the server drew for this visit
 *  build(item, people, visit) -> Card an empty card of the checklist, made this visit's
 *
 *  Nothing is judged here: what a value means says the engine, what is kept says the visit.
 */

import { dayWords } from "./days.js";
import { fill, make, markOf } from "./dom.js";
import * as engine from "./engine/index.js";
import { say } from "./engine/tongue.js";
import { trimmed, same, savedWords } from "./visit.js";

const SAID_LENGTH = 90;
/** Faults that only say what is still to come: nobody is scolded for these while at work on the answer. */
const TO_COME = new Set(["needs-words", "needs-reason", "needs-mark", "missing"]);

/** @typedef {HTMLInputElement | HTMLTextAreaElement} Field */

/** The prefix of an answer's inputs, as `slug_of` in forms/steps.py. @param {any} item @param {string | null} person */
export const slugOf = (item, person) =>
  `a_${item.number.replaceAll("-", "")}${person ? `_${person.replaceAll("-", "")}` : ""}`;

/** @param {any} item @param {Record<string, any>} raw one entry in a line of words */
export function rawWords(item, raw) {
  const found = raw.mark ? [raw.mark] : [];
  if (raw.absent) found.push(raw.absent === "not-shown" ? say("not shown") : say("could not be measured"));
  for (const part of engine.valueParts(item)) {
    const value = raw.values?.[part.key];
    if (value) found.push(valueWords(part, value, raw.units?.[part.key]));
  }
  if (raw.corrected_on_site) found.push(say("corrected on site"));
  if (raw.note) found.push(raw.note);
  return found.join(" · ") || say("nothing");
}

/** @param {any} part @param {string} value @param {string} [unit] */
function valueWords(part, value, unit) {
  if (part.kind === "choice") return part.options.find((/** @type {any} */ one) => one.value === value)?.label ?? value;
  return part.kind === "number" ? `${value} ${engine.unitWords(unit || part.unit)}`.trim() : value;
}

/** @param {any} judged */
function judgedWords(judged) {
  const words = judged.finding || (judged.limit ? say("limit: {limit}", { limit: judged.limit }) : "");
  return words && judged.source ? `${words} (${judged.source})` : words;
}

/** One answer: its inputs, what they come to, and whether that is safe. */
export class Unit {
  /** @param {HTMLElement} element @param {Card} card */
  constructor(element, card) {
    this.element = element;
    this.card = card;
    this.item = card.item;
    this.slug = element.dataset.slug ?? "";
    /** @type {string | null} */
    this.person = element.dataset.person || null;
    this.key = engine.keyOf(this.item.key, this.person);
    /** Is all that is wrong said, or is somebody still at work on the answer? */
    this.left = true;
    this.#furnish();
  }

  get visit() { return this.card.visit; }
  get reading() { return this.visit.entry(this.key)?.reading; }
  get complete() { return Boolean(this.reading?.complete); }

  /** @param {string} name @returns {any[]} */
  named(name) { return [...this.element.querySelectorAll(`[name="${CSS.escape(`${this.slug}-${name}`)}"]`)]; }

  /** @param {string} name */
  field(name) { return /** @type {Field | undefined} */ (this.named(name)[0]); }

  /** The places that only a page with scripts has. */
  #furnish() {
    const { element } = this;
    const pills = /** @type {HTMLElement} */ (element.querySelector(":scope > .more.pills, :scope > .pills"));
    this.told = make("div.read-off");
    const drawn = [...element.querySelectorAll(":scope > .judged, :scope > .note.warn, :scope > p.more")];
    this.told.append(...drawn);
    pills.before(this.told);
    this.saved = make("p.saved.small");
    pills.append(this.saved);
    element.tabIndex = -1;
    element.setAttribute("role", "group");
    const who = this.visit.nameOf(this.person);
    element.setAttribute("aria-label", `${this.item.number} ${this.item.prompt}${who ? `, ${who}` : ""}`);
    this.#phrases();
    const camera = element.querySelector("button[value^='photos:']");
    camera?.setAttribute("type", "button");
    element.querySelector("button.clear")?.setAttribute("type", "button");
    this.strip = element.querySelector(".detail > .strip") ?? make("div.strip");
    if (!this.strip.isConnected) element.querySelector(".detail > .field")?.after(this.strip);
  }

  /** Every ready phrase, also those that are in the note already; ticking writes them there. */
  #phrases() {
    const detail = this.element.querySelector(".detail");
    const drawn = detail?.querySelector(":scope > fieldset.only-out");
    /** @type {HTMLInputElement[]} */
    const boxes = [...drawn?.querySelectorAll("input") ?? []];
    if (boxes.length && boxes.length === this.item.phrases.length) { // all are there: they only change hands
      for (const [place, box] of boxes.entries()) {
        box.dataset.words = this.item.phrases[place];
        delete box.dataset.phrase;
        box.removeAttribute("name");
      }
      return;
    }
    drawn?.remove();
    if (!this.item.phrases.length || !detail) return;
    const pills = this.item.phrases.map((/** @type {string} */ words) => {
      const box = make("input", { type: "checkbox", "data-words": words });
      return make("label.pill", {}, box, words);
    });
    detail.prepend(make("fieldset.only-out", {}, make("legend.small", {}, say("What was seen")), make("div.pills", {}, ...pills)));
  }

  // --- reading and showing ---------------------------------------------------------------------------------

  /** What the inputs hold now, as it is kept. */
  raw() {
    const text = (/** @type {string} */ name) => engine.wellFormed(this.field(name)?.value.trim() ?? "");
    const checked = (/** @type {string} */ name) => this.named(name).find((one) => one.checked)?.value ?? "";
    /** @type {Record<string, string>} */
    const values = {}, units = {};
    for (const part of engine.valueParts(this.item)) {
      const value = part.kind === "choice" ? checked(`v.${part.key}`) : text(`v.${part.key}`);
      if (!value) continue;
      values[part.key] = value;
      const unit = checked(`u.${part.key}`);
      if (unit && unit !== part.unit) units[part.key] = unit;
    }
    const due = text("by");
    return trimmed({
      mark: checked("mark"), values, units, absent: checked("absent"), note: text("note"), reason: text("reason"),
      corrected_on_site: Boolean(this.named("cos")[0]?.checked), correct_by: due === this.visit.due(this.item.key) ? "" : due,
    });
  }

  /** Put an answer into the inputs; what somebody is typing in stays. @param {Record<string, any>} raw @param {boolean} [all] */
  show(raw, all = false) {
    const put = (/** @type {string} */ name, /** @type {string} */ value) => {
      const field = this.field(name);
      if (field && field.value.trim() !== value && (all || field !== document.activeElement)) field.value = value;
    };
    const check = (/** @type {string} */ name, /** @type {string} */ value) => {
      for (const one of this.named(name)) one.checked = one.value === value;
    };
    check("mark", raw.mark ?? "");
    check("absent", raw.absent ?? "");
    for (const part of engine.valueParts(this.item)) {
      const value = raw.values?.[part.key] ?? "";
      if (part.kind === "choice") check(`v.${part.key}`, value);
      else put(`v.${part.key}`, value);
      check(`u.${part.key}`, raw.units?.[part.key] ?? part.unit ?? "");
    }
    put("note", raw.note ?? "");
    put("reason", raw.reason ?? "");
    put("by", raw.correct_by || this.visit.due(this.item.key));
    const [cos] = this.named("cos");
    if (cos) cos.checked = Boolean(raw.corrected_on_site);
    this.showPhrases();
  }

  showPhrases() {
    const note = this.field("note")?.value ?? "";
    for (const box of this.boxes) box.checked = note.includes(box.dataset.words ?? "\0");
  }

  /** @returns {NodeListOf<HTMLInputElement>} the ready phrases */
  get boxes() { return this.element.querySelectorAll("[data-words]"); }

  /** A ready phrase was ticked or taken back: it is a line of the note. @param {HTMLInputElement} box */
  phrase(box) {
    const note = this.field("note");
    if (!note) return;
    const lines = note.value.split("\n").filter((line) => line.trim() && line.trim() !== box.dataset.words);
    if (box.checked) lines.push(box.dataset.words ?? "");
    note.value = lines.join("\n");
  }

  /** An absence excludes the other. @param {HTMLInputElement} box */
  absence(box) {
    for (const one of this.named("absent")) if (one !== box) one.checked = false;
  }

  /** What is no longer OUT loses what only an OUT has: ready phrases, correction, date. @param {Record<string, any>} raw */
  withoutOut(raw) {
    const ready = (this.item.spellings ?? this.item.phrases).flat(); // in every language: another may have chosen them
    const lines = (raw.note ?? "").split("\n").filter((/** @type {string} */ line) => !ready.includes(line.trim()));
    return trimmed({ ...raw, note: lines.join("\n").trim(), corrected_on_site: false, correct_by: "" });
  }

  /** The answer taken back; own words stay. */
  cleared() {
    const raw = this.raw();
    const texts = engine.valueParts(this.item).filter((part) => part.kind === "text").map((part) => part.key);
    const values = Object.fromEntries(Object.entries(raw.values ?? {}).filter(([key]) => texts.includes(key)));
    const lines = this.withoutOut(raw).note;
    return trimmed({ values, note: this.reading?.answer.mark === "OUT" ? lines : raw.note });
  }

  // --- what it comes to ------------------------------------------------------------------------------------

  paint() {
    const { reading } = this;
    if (!reading) return;
    const { answer } = reading, raw = this.visit.shown(this.key);
    const out = answer.mark === "OUT" || raw.absent === "not-shown" || (answer.derived === "OUT" && !raw.mark);
    this.element.classList.toggle("is-out", out);
    const faults = reading.faults.filter((/** @type {any} */ one) => this.left || !TO_COME.has(one.code));
    const open = Boolean(raw.absent) || faults.some((/** @type {any} */ one) => one.field === "note");
    this.element.classList.toggle("is-open", open);
    this.#tell(answer);
    this.#fault(faults);
    this.#parts();
    this.clear?.classList.toggle("is-needed", Boolean(this.visit.kept(this.key)?.value?.mark));
    this.mark();
  }

  get clear() { return this.element.querySelector("button.clear"); }

  /** Parts that the facts of the visit rule out are not asked. */
  #parts() {
    const context = { inspected_on: this.visit.document.inspected_on, facts: this.visit.facts };
    for (const part of engine.valueParts(this.item)) {
      const place = /** @type {HTMLElement | null} */ (this.element.querySelector(`[data-part="${CSS.escape(part.key)}"]`));
      if (place && part.when) place.hidden = !engine.asked(part, context);
    }
  }

  /** @param {any} answer */
  #tell(answer) {
    const lines = answer.judged.map((/** @type {any} */ one) => make("p.judged", {}, markOf(one.mark), make("span", {}, judgedWords(one))));
    const warnings = answer.warnings.map((/** @type {string} */ words) => make("p.note.warn.small", {}, words));
    const preset = answer.preset && make("p.small.quiet.more", {}, say("Preset to NO because no procedure was under way. Change it if you saw it."));
    const next = make("div", {}, ...lines, ...warnings, preset);
    if (next.textContent !== this.told.textContent) fill(this.told, ...next.childNodes);
  }

  /** @param {any[]} faults each at its place, below the input: what is being typed in never moves */
  #fault(faults) {
    const key = JSON.stringify(faults);
    if (key === this.faulted) return;
    this.faulted = key;
    for (const old of this.element.querySelectorAll(".err")) old.remove();
    for (const bad of this.element.querySelectorAll(".bad")) bad.classList.remove("bad");
    for (const field of this.element.querySelectorAll("[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      this.#described(field, "-error", "");
    }
    for (const fault of faults) this.#place(fault);
  }

  /** @param {{field: string, words: string}} fault */
  #place(fault) {
    const id = `${this.slug}-${fault.field}-error`;
    const line = make("p.err", { id }, fault.words);
    if (fault.field === "correct_by") return this.field("by")?.closest(".row.only-out")?.after(line);
    const name = { note: "note", reason: "reason" }[fault.field];
    const part = fault.field.startsWith("values.") && fault.field.slice(7);
    const box = part
      ? this.element.querySelector(`[data-part="${CSS.escape(part)}"]`)
      : name ? this.field(name)?.closest(".field") : this.element.querySelector(".seg.marks");
    if (!box) return this.told.append(line);
    if (fault.field === "mark" || fault.field === "absent") {
      if (fault.field === "mark") box.classList.add("bad");
      return fault.field === "mark" ? box.after(line) : this.told.append(line);
    }
    box.classList.add("bad");
    box.append(line);
    const field = part ? this.field(`v.${part}`) : this.field(name ?? "");
    field?.setAttribute("aria-invalid", "true");
    if (field) this.#described(field, "-error", id);
  }

  /** @param {Element} field @param {string} end @param {string} id */
  #described(field, end, id) {
    const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && !one.endsWith(end));
    if (id) others.push(id);
    if (others.length) field.setAttribute("aria-describedby", others.join(" "));
    else field.removeAttribute("aria-describedby");
  }

  /** Where the answer is by now. */
  mark() {
    const kept = this.visit.kept(this.key), flying = this.visit.flying.has(this.key);
    const words = savedWords(kept, flying);
    this.saved.classList.toggle("is-wrong", kept?.state === "attention");
    this.saved.classList.toggle("is-here", flying || kept?.state === "here");
    const why = kept?.state === "attention" && kept.words;
    const said = why ? `${words}: ${why}` : words;
    if (this.saved.textContent !== said) this.saved.textContent = said;
  }

  focus() { this.element.focus({ preventScroll: true }); }
}

/** An item: one answer, or one for each practitioner; folds to a line once everything is answered. */
export class Card {
  /** @param {HTMLDetailsElement} element @param {import("./visit.js").Visit} visit */
  constructor(element, visit) {
    this.element = element;
    this.visit = visit;
    this.item = engine.itemAt(visit.checklist, element.dataset.item ?? "") ?? { key: "", parts: [], phrases: [], number: "", prompt: "" };
    this.units = [...element.querySelectorAll(".unit")].map((one) => new Unit(/** @type {HTMLElement} */ (one), this));
  }

  get complete() { return this.units.every((unit) => unit.complete); }
  get out() { return this.units.some((unit) => unit.reading?.answer.mark === "OUT"); }
  get flagged() { return this.out || this.troubled; }
  /** Something here needs somebody. */
  get troubled() {
    return this.units.some((unit) => unit.reading?.faults.length || this.visit.kept(unit.key)?.state === "attention"
      || this.visit.conflicts(this.item.key, unit.person).length);
  }

  /** The line that stands for the card. */
  paint() {
    const mark = engine.combine(this.units.map((unit) => unit.reading?.answer.mark ?? null));
    const now = /** @type {HTMLElement} */ (this.element.querySelector(".now"));
    const before = now.querySelector(".mark")?.textContent ?? "";
    if (before !== (mark ?? "")) fill(now, mark && markOf(mark));
    const words = this.said(), title = /** @type {HTMLElement} */ (this.element.querySelector("summary h2"));
    const line = title.querySelector(".said") ?? make("span.said");
    if (line.textContent !== words) line.textContent = words;
    if (words && !line.isConnected) title.append(line);
    if (!words) line.remove();
  }

  /** What a folded card still says: values and the first words of the notes. */
  said() {
    const found = [];
    for (const unit of this.units) {
      const answer = unit.reading?.answer;
      if (!answer) continue;
      for (const part of engine.valueParts(this.item)) {
        const read = answer.values[`${part.key}@entered`], value = answer.values[part.key];
        if (read) found.push(read.replace(/ (\S+)$/, (/** @type {string} */ _, /** @type {string} */ unit_) => ` ${engine.unitWords(unit_)}`));
        else if (value) found.push(part.kind === "date" && Date.parse(`${value}T00:00:00Z`) ? dayWords(value) : valueWords(part, value));
      }
      if (answer.preset) found.push(say("preset, because no procedure was under way"));
      if (answer.note) found.push(answer.note);
    }
    const words = found.join(" · ").replaceAll("\n", " ");
    return words.length <= SAID_LENGTH ? words : `${words.slice(0, SAID_LENGTH).trimEnd()}…`;
  }

  /** Lays what this tablet knows over what was drawn. */
  lay() {
    for (const unit of this.units) {
      const shown = this.visit.shown(unit.key);
      if (!same(unit.raw(), shown)) unit.show(shown);
      unit.showPhrases();
      unit.paint();
    }
    this.paint();
  }
}

/** @param {Element} details @param {import("./visit.js").Visit} visit */
export const adopt = (details, visit) => new Card(/** @type {HTMLDetailsElement} */ (details), visit);

/**
 * An empty card of the checklist, for the people it asks about.
 * @param {any} item @param {(string | null)[]} people @param {import("./visit.js").Visit} visit
 */
export function build(item, people, visit) {
  const holder = make("template");
  const drawn = (/** @type {string} */ slug) => {
    // The server drew this, for every visit alike; nothing of a person is in it.
    /** @type {HTMLTemplateElement} */ (holder).innerHTML = visit.kit.cards[item.key].replaceAll("SLUG", slug);
    return /** @type {HTMLDetailsElement} */ (/** @type {HTMLTemplateElement} */ (holder).content.firstElementChild);
  };
  const [first, ...others] = people;
  const card = drawn(slugOf(item, first));
  name(card, item, first, visit);
  for (const person of others) {
    const unit = drawn(slugOf(item, person)).querySelector(".unit");
    if (!unit) continue;
    card.querySelector(".body")?.append(unit);
    name(unit, item, person, visit);
  }
  const before = visit.repeats[item.key] ?? [];
  if (before.length) card.querySelector(".body")?.prepend(make("p.row.small", {}, markOf("R"),
    make("span", {}, say("Not in order before: {days}. OUT again is a repeat.", { days: before.map(dayWords).join(", ") }))));
  const made = adopt(card, visit);
  for (const unit of made.units) unit.show(visit.shown(unit.key), true);
  return made;
}

/** @param {Element} place @param {any} item @param {string | null} person @param {import("./visit.js").Visit} visit */
function name(place, item, person, visit) {
  const unit = /** @type {HTMLElement} */ (place.matches(".unit") ? place : place.querySelector(".unit"));
  unit.dataset.slug = slugOf(item, person);
  unit.dataset.person = person ?? "";
  const found = visit.onFile(item, person);
  if (found) unit.prepend(suggested(found, unit.dataset.slug, visit.shown(engine.keyOf(item.key, person)).values ?? {}));
  if (person) unit.prepend(make("p.who-for", {}, make("span", {}, visit.nameOf(person))));
}

/** What the clinic's own papers say, as in components/item.html: looked at, then confirmed; never an answer by itself.
 * @param {{words: string[], values: [string, string][]}} found @param {string} slug @param {Record<string, string>} entered */
function suggested({ words, values }, slug, entered) {
  const pill = (/** @type {[string, string]} */ [part, value]) => make("label.pill", {},
    make("input", { type: "checkbox", name: `${slug}-take.${part}`, value, "data-fill": `${slug}-v.${part}` }), say("I looked: it says {value}", { value: /^\d{4}-\d\d-\d\d$/.test(value) ? dayWords(value) : value }));
  return make("div.note.small", {}, ...words.map((one) => make("p", {}, one)), ...values.filter(([part]) => !entered[part]).map(pill));
}
