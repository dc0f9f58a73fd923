/** The section page: every tap is one operation, shown at once; the next open question comes by itself.
 *
 *  begin(form, visit, cards) — `form` is the page's form with its bar; with scripts it is never posted: all that is
 *  entered is in the outbox, and its buttons only lead on.
 */

import { comfort, openComfort } from "./comfort.js";
import { settleClash } from "./clash.js";
import { showCounts } from "./counts.js";
import { frame, make } from "./dom.js";
import * as engine from "./engine/index.js";
import { say, several } from "./engine/tongue.js";
import { hear } from "./keys.js";
import { leadOn, leave } from "./leaving.js";
import { foldAway, reveal, uncover } from "./moving.js";
import { Pictures } from "./pictures.js";
import { Toast } from "./toast.js";
import { same } from "./visit.js";

const TEXT = "input:not([type=radio]):not([type=checkbox]):not([type=date]):not([type=file]), textarea";
const TYPED = 600, FOLD = 180, MOST_UNDONE = 50;

/** @typedef {import("./cards.js").Unit} Unit */
/** @typedef {import("./cards.js").Card} Card */

export class Section {
  /** @param {HTMLFormElement} form @param {import("./visit.js").Visit} visit @param {Card[]} cards */
  constructor(form, visit, cards) {
    this.form = form;
    this.visit = visit;
    this.cards = cards;
    this.key = form.dataset.section ?? "";
    /** @type {Map<Element, Unit>} */
    this.units = new Map(cards.flatMap((card) => card.units.map((unit) => [unit.element, unit])));
    /** @type {Map<Unit, ReturnType<typeof setTimeout>>} */
    this.typing = new Map();
    /** @type {{given: import("./visit.js").Given[], words: string}[]} */
    this.done = [];
    this.flag = -1;
    this.pressed = false;
    this.byKey = false;
    this.pictures = new Pictures(visit, (words) => this.tell(words));
  }

  /** @param {HTMLInputElement[] | null} [entered] before this page was alive; card by card then, for there are taps to hear */
  async begin(entered = null) {
    delete this.form.dataset.guard;
    this.form.noValidate = true;
    this.#furnish();
    this.#listen();
    for (const field of entered ?? []) {
      if (field.matches(TEXT)) this.#typed(field);
      else this.#changed(field);
    }
    this.flush();
    if (entered) await frame();
    for (const card of this.cards) {
      card.lay();
      for (const unit of card.units) this.#extras(unit);
      if (entered) await frame();
    }
    this.paint();
    this.form.dataset.alive = "yes";
    const place = location.hash && this.cards.find((card) => `#${card.element.id}` === location.hash);
    if (place) place.element.open = true;
    this.here(place ? place.units[0] : this.#open()[0]);
  }

  /** What only a page with scripts has. */
  #furnish() {
    const { form } = this;
    this.bar = /** @type {HTMLElement} */ (form.querySelector(".bar"));
    this.head = /** @type {HTMLElement} */ (form.querySelector(".sect"));
    this.rest = /** @type {HTMLButtonElement} */ (make("button.btn.rest", { type: "button" }));
    this.restRow = make("p.row.rest-row", { hidden: true }, this.rest);
    this.bar.before(this.restRow);
    this.toast = new Toast(this.bar);
    leadOn(form, this.bar);
    form.append(this.said = make("p.vh", { role: "status" }));
    form.querySelector("[data-tools]")?.removeAttribute("hidden");
    this.dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("comfort"));
  }

  // --- hearing ---------------------------------------------------------------------------------------------

  #listen() {
    const { form, visit } = this;
    form.addEventListener("change", (event) => this.#changed(/** @type {HTMLInputElement} */ (event.target)));
    form.addEventListener("input", (event) => this.#typed(/** @type {HTMLInputElement} */ (event.target)));
    form.addEventListener("focusout", (event) => this.#flushOf(/** @type {Element} */ (event.target)));
    form.addEventListener("click", (event) => this.#clicked(event));
    form.addEventListener("submit", (event) => this.#go(event));
    form.addEventListener("focusin", (event) => this.#entered(/** @type {Element} */ (event.target)));
    document.addEventListener("pointerdown", () => { this.pressed = true; this.byKey = false; });
    for (const over of ["pointerup", "pointercancel"]) {
      document.addEventListener(over, () => { setTimeout(() => { this.pressed = false; }, 0); });
    }
    document.addEventListener("keydown", () => { this.byKey = true; }, true);
    visit.addEventListener("changed", (event) => this.#news(/** @type {CustomEvent} */ (event).detail));
    this.rest?.addEventListener("click", () => this.restIsIn());
    addEventListener("pagehide", () => this.flush());
    addEventListener("beforeunload", (event) => {
      this.flush();
      if (visit.writes.size) event.preventDefault();
    });
    hear({
      mark: (mark) => this.markHere(mark),
      note: () => this.noteHere(),
      move: (step) => this.move(step),
      undo: () => this.undo(),
      help: () => openComfort(this.dialog),
    });
  }

  /** @param {Element} place */
  #unit(place) {
    const element = place.closest?.(".unit");
    return element ? this.units.get(element) : undefined;
  }

  /** @param {HTMLInputElement} field */
  #changed(field) {
    const unit = this.#unit(field);
    if (!unit || field.closest(".clash")) return;
    if (field.dataset.words) unit.phrase(field);
    else if (field.classList.contains("opener") && !field.name) return;
    else if (field.name.endsWith("-absent")) unit.absence(field);
    if (field.matches(TEXT)) return this.#flush(unit);
    const arrow = this.byKey && field.type === "radio" && !this.chosen;
    this.take(unit, { tap: field.type !== "date", lead: !arrow && (field.type === "radio") });
  }

  /** @param {HTMLInputElement} field */
  #typed(field) {
    const unit = this.#unit(field);
    if (!unit || field.closest(".clash") || field.matches("[type=radio], [type=checkbox], [type=date], [type=file]")) return;
    if (field.name.endsWith("-note")) unit.showPhrases();
    this.#touch(unit);
    clearTimeout(this.typing.get(unit));
    this.typing.set(unit, setTimeout(() => this.#flush(unit), TYPED));
  }

  /** @param {Element} place */
  #flushOf(place) {
    const unit = this.#unit(place);
    if (unit && this.typing.has(unit)) this.#flush(unit);
  }

  /** @param {Unit} unit */
  #flush(unit) {
    if (!this.typing.has(unit)) return;
    clearTimeout(this.typing.get(unit));
    this.typing.delete(unit);
    this.take(unit, { tap: false, lead: false });
  }

  flush() { for (const unit of [...this.typing.keys()]) this.#flush(unit); }

  /** @param {Element} place */
  #entered(place) {
    const unit = this.#unit(place);
    if (unit && unit !== this.current) this.here(unit);
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const place = /** @type {Element} */ (event.target), unit = this.#unit(place);
    const button = place.closest("button");
    if (button?.matches("[data-flags]")) this.jump();
    if (button?.matches("[data-comfort]")) openComfort(this.dialog);
    if (!button || !unit) return;
    if (button.matches(".clear")) this.clear(unit);
    if (button.value.startsWith("photos:")) this.pictures.choose(unit);
  }

  // --- acts ------------------------------------------------------------------------------------------------

  /** What the inputs of an answer say now is given. @param {Unit} unit @param {{tap: boolean, lead: boolean}} how */
  take(unit, { tap, lead }) {
    this.#touch(unit);
    let raw = unit.raw();
    const before = this.visit.kept(unit.key)?.value ?? {};
    const wasPreset = unit.reading?.answer.preset;
    if (unit.reading?.answer.mark === "OUT") {
      const now = this.visit.trial(this.#item(unit), unit.person, raw);
      if (now?.answer.mark && now.answer.mark !== "OUT") unit.show((raw = unit.withoutOut(raw)), true);
    }
    if (same(raw, before) || (wasPreset && same(raw, this.visit.shown(unit.key)))) return;
    this.#give(unit, raw, tap ? this.#words(unit, raw) : "");
    if (lead) this.#lead(unit);
    if (tap && unit.reading?.answer.mark === "OUT" && raw.mark !== before.mark) uncover(unit.element, this.bar);
  }

  /** @param {Unit} unit */
  #item(unit) { return unit.item.key; }

  /** @param {Unit} unit @param {Record<string, any>} raw */
  #words(unit, raw) { return `${unit.item.number}: ${raw.mark || unit.reading?.answer.mark || say("changed")}`; }

  /** @param {Unit} unit @param {Record<string, any>} raw @param {string} words for the way back; none offers none */
  #give(unit, raw, words) {
    const one = { item: unit.item.key, person: unit.person };
    const before = this.visit.kept(unit.key)?.value ?? {};
    const written = this.visit.answer([{ ...one, value: raw }]);
    this.#kept(written, unit.item.number);
    if (words) this.#remember([{ ...one, value: before }], words);
  }

  /** @param {Promise<any>} written @param {string} what */
  #kept(written, what) {
    written.then(
      () => this.tell(say("{what} saved on this tablet", { what })),
      () => this.tell(say("{what} is not saved. Leave this page open and make room on the tablet.", { what })),
    );
  }

  /** @param {import("./visit.js").Given[]} given @param {string} words */
  #remember(given, words) {
    this.done.push({ given, words });
    if (this.done.length > MOST_UNDONE) this.done.shift();
    this.toast?.say(words, () => this.undo());
  }

  /** The last tap taken back: a new operation, back to what was there before. */
  undo() {
    const last = this.done.pop();
    if (!last) return this.tell(say("Nothing to undo"));
    this.toast?.hide();
    this.flush();
    this.#kept(this.visit.answer(last.given), say("{what}: undone,", { what: last.words }));
    const keys = new Set(last.given.map((one) => engine.keyOf(one.item, one.person)));
    const units = [...this.units.values()].filter((unit) => keys.has(unit.key));
    for (const unit of units) {
      unit.show(this.visit.shown(unit.key), true);
      unit.paint();
      unit.card.paint();
    }
    const [first] = units;
    if (first && units.length === 1) {
      first.card.element.open = true;
      this.here(first);
      first.focus();
      reveal(first.element, this.head, this.bar);
    }
  }

  /** @param {Unit} unit */
  clear(unit) {
    const raw = unit.cleared(), words = say("{number}: cleared", { number: unit.item.number });
    unit.show(raw, true);
    this.#touch(unit);
    this.#give(unit, raw, words);
    this.here(unit);
  }

  /** Items that one word can answer: open, not critical, nothing to read off. @returns {Unit[]} */
  get restful() {
    return this.cards
      .filter((card) => card.item.severity !== "critical" && card.item.marks.includes("IN"))
      .filter((card) => !engine.valueParts(card.item).some((part) => part.required))
      .flatMap((card) => card.units)
      .filter((unit) => engine.isEmpty(unit.visit.kept(unit.key)?.value ?? {}) && unit.reading && !unit.reading.answer.preset)
      .filter((unit) => this.visit.trial(unit.item.key, unit.person, { mark: "IN" })?.complete);
  }

  restIsIn() {
    this.flush();
    const units = this.restful;
    if (!units.length) return;
    const given = units.map((unit) => ({ item: unit.item.key, person: unit.person, value: { mark: "IN" } }));
    const items = units.map((unit) => (unit.person ? unit.key : unit.item.key));
    const words = several("{number} item marked IN", "{number} items marked IN", units.length);
    const marker = { kind: "rest-in", value: { section: this.key, items } };
    this.#kept(this.visit.answer(given, [marker]), `${words},`);
    this.#remember(given.map((one) => ({ ...one, value: {} })), words);
    for (const unit of units) {
      unit.show(this.visit.shown(unit.key), true);
      unit.paint();
      unit.card.paint();
    }
    for (const card of new Set(units.map((unit) => unit.card))) if (card.complete) card.element.open = false;
    const [open] = this.#open();
    if (open) { this.here(open); reveal(open.element, this.head, this.bar); }
  }

  // --- moving ----------------------------------------------------------------------------------------------

  #open() { return [...this.units.values()].filter((unit) => !unit.complete); }

  /** After a mark: the answered card folds to its line, and the next open question is at hand. @param {Unit} unit */
  #lead(unit) {
    const { card } = unit;
    if (!unit.complete || unit.reading?.answer.mark === "OUT") return;
    const whole = engine.valueParts(card.item).every((part) => unit.reading?.answer.values[part.key]);
    const writing = unit.element.querySelector(".opener:checked:not([name])");
    const units = [...this.units.values()];
    const next = units.slice(units.indexOf(unit) + 1).find((one) => !one.complete);
    setTimeout(() => this.#fold(card, card.complete && whole && !writing && !card.troubled, next), FOLD);
  }

  /** @param {Card} card @param {boolean} folds @param {Unit | undefined} next */
  #fold(card, folds, next) {
    if (this.pressed) { setTimeout(() => this.#fold(card, folds, next), 60); return; } // never under a finger
    if (folds && card.complete && !card.out) foldAway(card, this.cards);
    if (!comfort().advance) return;
    if (next) {
      next.card.element.open = true;
      this.here(next);
      if (this.idle) next.focus();
      reveal(next.element, this.head, this.bar);
    } else if (this.byKey) /** @type {HTMLElement | null} */ (this.bar?.querySelector(".go"))?.focus({ preventScroll: true });
  }

  /** Nobody is typing somewhere. */
  get idle() { return !document.activeElement?.matches("textarea, input:not([type=radio]):not([type=checkbox])"); }

  /** The question at work. @param {Unit | undefined} unit */
  here(unit) {
    if (this.current && this.current !== unit) {
      this.current.card.element.classList.remove("here");
      this.current.element.classList.remove("here");
    }
    this.current = unit;
    unit?.card.element.classList.add("here");
    if (unit && unit.card.units.length > 1) unit.element.classList.add("here");
  }

  /** Somebody is at work on this answer now. @param {Unit} unit */
  #touch(unit) {
    if (this.touched !== unit) {
      // What is still to come for the one before is said on going on: words that appear above would move this one.
      this.touched = unit;
      if (!unit.reading?.faults.length) unit.left = false;
    }
    this.here(unit);
  }

  /** The key of a mark was pressed. @param {string} mark */
  markHere(mark) {
    const unit = this.current ?? this.#open()[0];
    if (!unit) return;
    const input = unit.named("mark").find((one) => one.value === mark);
    if (!input) return this.tell(say("{mark} does not fit this item.", { mark }));
    unit.card.element.open = true;
    const fold = input.closest("details.fold");
    if (fold) fold.open = true;
    this.chosen = true;
    if (input.checked) this.#lead(unit);
    else input.click();
    this.chosen = false;
  }

  noteHere() {
    const unit = this.current;
    if (!unit) return;
    unit.card.element.open = true;
    const box = /** @type {HTMLInputElement | null} */ (unit.element.querySelector(".opener:not([name])"));
    if (box) box.checked = true;
    const note = unit.field("note");
    note?.focus({ preventScroll: true });
    if (note) reveal(/** @type {Element} */ (note.closest(".field")), this.head, this.bar);
  }

  /** @param {1 | -1} step */
  move(step) {
    const units = [...this.units.values()];
    const unit = units[Math.min(units.length - 1, Math.max(0, units.indexOf(/** @type {Unit} */ (this.current)) + step))];
    if (!unit) return;
    this.here(unit);
    if (unit.card.element.open) unit.focus();
    else unit.card.element.querySelector("summary")?.focus({ preventScroll: true });
    reveal(unit.element.offsetParent ? unit.element : unit.card.element, this.head, this.bar);
  }

  /** On to the next card that is OUT or needs somebody. */
  jump() {
    const flagged = this.cards.filter((card) => card.flagged);
    if (!flagged.length) return;
    this.flag = (this.flag + 1) % flagged.length;
    const card = flagged[this.flag];
    card.element.open = true;
    for (const unit of card.units) { unit.left = true; unit.paint(); }
    this.here(card.units[0]);
    card.units[0].focus();
    reveal(card.units[0].element, this.head, this.bar);
  }

  // --- leaving ---------------------------------------------------------------------------------------------

  /** @param {SubmitEvent} event */
  async #go(event) {
    event.preventDefault();
    event.stopPropagation();
    const go = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value || "next";
    this.flush();
    const faulty = this.cards.find((card) => card.units.some((unit) => unit.reading?.faults.length));
    if (go === "next" && faulty && !this.asked) return this.#ask(faulty);
    const visit = `/visits/${this.visit.id}`;
    const [kind, rest] = go.split(":");
    const address = kind === "hub" ? visit : kind === "section" ? `${visit}/sections/${rest}` : this.form.dataset.next || visit;
    await leave(this.visit, address);
  }

  /** Something is wrong with an answer: shown once; it can also wait. @param {Card} card */
  #ask(card) {
    this.asked = true;
    for (const one of this.units.values()) { one.left = true; one.paint(); }
    card.element.open = true;
    const unit = card.units.find((one) => one.reading?.faults.length) ?? card.units[0];
    this.here(unit);
    reveal(unit.element, this.head, this.bar);
    const [fault] = unit.reading?.faults ?? [];
    this.tell("");
    this.toast?.alert(`${card.item.number}: ${fault?.words ?? ""} ${say("It can also wait: press again to go on.")}`);
    unit.focus();
  }

  // --- showing ---------------------------------------------------------------------------------------------

  /** @param {{keys: string[], why: string}} news */
  #news({ why }) {
    for (const unit of this.units.values()) {
      const idle = !this.typing.has(unit) && !this.visit.flying.has(unit.key);
      if (why === "elsewhere" && idle) {
        const shown = this.visit.shown(unit.key);
        if (!same(unit.raw(), shown)) unit.show(shown);
        unit.showPhrases();
      }
      unit.paint();
      if (why !== "stored") this.#extras(unit);
    }
    for (const card of this.cards) card.paint();
    this.paint();
  }

  /** Photos and rival values of an answer. @param {Unit} unit */
  #extras(unit) {
    this.pictures.draw(unit);
    settleClash(unit, (words) => this.tell(words, true));
  }

  /** Counts, strip, and what the rest comes to. */
  paint() {
    const { journey } = this.visit.judged, rest = this.restful.length;
    showCounts(this.form, this.key, journey, this.cards.filter((card) => card.flagged).length);
    if (this.restRow) this.restRow.hidden = rest < 2;
    if (this.rest) this.rest.textContent = say("The rest of this section is IN ({number})", { number: rest });
  }

  /** @param {string} words @param {boolean} [seen] also for the eye */
  tell(words, seen = false) {
    if (this.said) this.said.textContent = words;
    if (seen) this.toast?.say(words);
  }
}
