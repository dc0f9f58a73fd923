/** A visit as this tablet knows it: what the server said, what waits here, and what the rules make of both.
 *
 *  Visit.open(id) -> Visit | null         null when the tablet has not got it and no network brings it
 *  visit.document, visit.checklist        the inspection's fields; the published checklist
 *  visit.judged                           {journey, findings, result}, worked out anew after each change
 *  visit.entry(key), visit.shown(key)     an answer's reading; what its inputs hold
 *  visit.answer(acts), visit.act(…)       give operations; the promise is fulfilled once they are on the disk
 *  event "changed" {keys, why}            why: own | stored | elsewhere
 */

import { breath } from "./dom.js";
import * as engine from "./engine/index.js";
import { say } from "./engine/tongue.js";
import { checklistOf, now } from "./kit.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";

const SOON = 30, FRESH = 1500, A_FEW = 8;
const REVISED = new Set(["answer", "resolve"]);

/** @typedef {{item: string, person: string | null, value: Record<string, any>}} Given */

/** A raw document as the server keeps it: entries that are empty are left out. @param {Record<string, any>} raw */
export function trimmed(raw) {
  const values = Object.fromEntries(Object.entries(raw.values ?? {}).filter(([, value]) => value));
  const units = Object.fromEntries(Object.entries(raw.units ?? {}).filter(([key, unit]) => unit && values[key]));
  /** @type {Record<string, any>} */
  const whole = { ...raw, values, units };
  return Object.fromEntries(
    Object.entries(whole).filter(([, one]) => (typeof one === "object" ? one && Object.keys(one).length : one)),
  );
}

/** @param {Record<string, any> | undefined} one @param {Record<string, any> | undefined} other */
export const same = (one, other) => engine.canonicalText(trimmed(one ?? {})) === engine.canonicalText(trimmed(other ?? {}));

/** @param {any[]} sections @param {Set<string>} scope keys of items */
const narrowed = (sections, scope) => sections
  .map((one) => ({ ...one, items: one.items.filter((/** @type {any} */ item) => scope.has(item.key)) }))
  .filter((one) => one.items.length);

export class Visit extends EventTarget {
  /** @param {string} id @param {import("./store.js").View} view @param {any} kit the checklist and its cards @param {any} [clinic] what was taken along of it */
  constructor(id, view, kit, clinic = {}) {
    super();
    this.id = id;
    this.kit = kit;
    this.clinic = clinic;
    this.view = view;
    this.opened = new Date();
    /** what is on its way to the disk, by key @type {Map<string, number>} */
    this.flying = new Map();
    /** @type {Set<Promise<any>>} */
    this.writes = new Set();
    /** @type {Promise<any>} */
    this.fresh = Promise.resolve();
    this.turn = 0;
    this.stop = () => {};
    this.#hear();
  }

  /** @param {string} id @returns {Promise<Visit | null>} */
  static async open(id) {
    let view = await store.load(id);
    if (!view || !shaOf(view.visit)) {
      await outbox.refresh(id);
      view = await store.load(id);
    }
    if (!view || !shaOf(view.visit)) return null;
    const kit = await checklistOf(shaOf(view.visit));
    const clinic = await store.clinic(view.visit.clinic_id ?? view.visit.inspection?.clinic_id ?? "");
    if (!kit) return null;
    const found = new Visit(id, view, kit, clinic);
    found.opened = await now();
    return found;
  }

  /** The fields of the visit: as the server has them, under what was changed here. */
  get document() {
    this.fields ??= this.#fields();
    return this.fields;
  }

  #fields() {
    const { visit } = this.view, { inspection = {} } = visit;
    /** @type {any[]} */
    const rows = visit.practitioners ?? [];
    const ids = rows.every((row) => typeof row === "string") && rows.length ? rows : inspection.practitioners ?? rows;
    const people = [...(this.clinic?.practitioners ?? []), ...rows.filter((row) => row.id)];
    const own = { ...inspection, ...visit, practitioners: ids.filter((/** @type {any} */ one) => typeof one === "string"), people };
    // The server froze the profile at the start; a visit started here, unknown to it yet, takes the clinic's own.
    const frozen = visit.profile ?? inspection.profile;
    const facts = { ...(frozen ?? this.clinic?.clinic?.profile), ...inspection.facts, ...visit.facts };
    // What follows from the facts is worked out as the server will, until it has said so itself.
    const derived = frozen ? {} : engine.derivedFacts(this.kit.published, facts, this.clinic?.visits_before ?? 0, own.practitioners.length);
    return { ...own, facts: { ...facts, ...derived } };
  }

  /** A follow-up of former findings only asks these items and no others. */
  get checklist() {
    const whole = this.kit.published, scope = this.view.visit.scope ?? this.view.visit.inspection?.scope ?? [];
    if (!scope.length) return whole;
    if (this.narrow?.scope !== scope) this.narrow = { scope, checklist: { ...whole, sections: narrowed(whole.sections, new Set(scope)) } };
    return this.narrow.checklist;
  }

  get running() { return (this.document.state ?? "running") === "running" && this.document.writable !== false; }
  /** Profile, visit and derived facts together. */
  get facts() { return this.document.facts; }
  /** The sealed visits before this one. @returns {import("./engine/next.js").Past[]} */
  get past() { return this.document.past ?? this.clinic?.past ?? []; }
  /** Items that were OUT before, with the days. @returns {Record<string, string[]>} */
  get repeats() {
    const { repeats, purpose } = this.document;
    return repeats ?? engine.allRepeats(purpose, this.past, Boolean(this.checklist.due.follow_up?.routine_only));
  }
  /** @returns {string[]} ids of those on duty */
  get practitioners() { return this.document.practitioners; }
  /** What the visit before left open, as far as it was taken along. @returns {any[]} */
  get openFindings() { return this.clinic?.open_findings ?? []; }
  /** What visits before that one left open. @returns {any[]} */
  get olderFindings() { return this.clinic?.older_findings ?? []; }
  /** What the clinic keeps about an item, said as of the day of this visit; null when it keeps nothing.
   * @param {any} item @param {string | null} person */
  onFile(item, person) {
    const found = (this.clinic?.on_file ?? []).find((/** @type {any} */ one) => one.item === item.key && one.person === person);
    return found ? engine.suggestion(found, item, this.facts, this.document.inspected_on) : null;
  }
  get clinicName() { return this.document.clinic?.name ?? this.clinic?.clinic?.name ?? ""; }

  /** @param {string | null} id */
  nameOf(id) { return this.document.people.find((/** @type {any} */ one) => one.id === id)?.name ?? ""; }

  get judged() {
    this.worked ??= this.#judge();
    return this.worked;
  }

  /** Works out what `judged` says a few answers at a time: a tap is heard between. */
  async ponder() {
    const { view, turn, answers } = this;
    if (this.worked) return;
    const steps = engine.settling(this.checklist, answers, this.document.inspected_on, this.facts);
    for (let count = 1; ; count += 1) {
      const { done, value } = steps.next();
      if (!done && count % A_FEW === 0) await breath();
      if (view !== this.view || turn !== this.turn) return; // of yesterday: whoever asks works it out at once
      if (!done) continue;
      await breath();
      if (view === this.view && turn === this.turn) this.worked ??= this.#judge(value);
      return;
    }
  }

  /** @returns {any[]} what was answered */
  get answers() { return [...this.view.answers.values()].filter((one) => one.value); }

  /** @param {Map<string, any>} [settled] the readings, where somebody has them already */
  #judge(settled) {
    const whole = engine.judge({
      checklist: this.checklist, inspected_on: this.document.inspected_on, facts: this.facts,
      practitioners: this.practitioners, answers: this.answers, links: this.document.links ?? [], settled,
    });
    const { readings, journey } = whole, entries = new Map();
    /** @type {{placard: any, next: any} | undefined} */
    let coming;
    const come = () => (coming ??= this.#coming(whole.findings));
    for (const section of journey.sections) {
      for (const state of section.items) for (const entry of state.entries) entries.set(entry.key, entry);
    }
    // A page of questions asks for none of the rest, and every tap works out all it asks for.
    return {
      readings, journey, entries,
      get findings() { return whole.findings; },
      get result() { return whole.result; },
      get placard() { return come().placard; },
      get next() { return come().next; },
    };
  }

  /** The placard and the next visit, as the rules of the checklist say. @param {any[]} findings */
  #coming(findings) {
    const { due } = this.checklist, { inspected_on: on, purpose, kind, services = [] } = this.document;
    if (kind === "self-audit") return { placard: null, next: null };
    const profile = this.document.profile ?? this.clinic?.clinic?.profile ?? {};
    const chosen = (/** @type {any} */ one) =>
      services.find((/** @type {any[]} */ [item, person]) => item === one.item && (person ?? null) === one.person)?.[2] ?? null;
    // What is only recommended hangs on no door, unless it endangers somebody now.
    const hung = findings.filter((one) => one.standing === "official" || (one.severity === "critical" && !one.corrected_on_site));
    const offered = Object.keys(engine.services()).filter((name) => profile[name] === true);
    const placard = engine.placardOf(due, hung.map((one) => ({ ...one, service: chosen(one) })), offered, on);
    return { placard, next: engine.nextBy(due, findings, this.past, on, purpose, placard?.come_back_by ?? null) };
  }

  /** @param {string} key */
  entry(key) { return this.judged.entries.get(key); }

  /** What the inputs of an answer hold: what was entered, or the mark it begins with. @param {string} key */
  shown(key) {
    const answer = this.entry(key)?.reading.answer;
    if (answer?.preset) return { mark: answer.mark };
    return this.view.answers.get(key)?.value ?? {};
  }

  /** How an answer would read with another value. @param {string} item @param {string | null} person @param {any} value */
  trial(item, person, value) {
    const key = engine.keyOf(item, person);
    const answers = [...this.view.answers.values()].filter((one) => one.value && engine.keyOf(one.item, one.person) !== key);
    const found = engine.itemAt(this.checklist, item);
    if (!found) return undefined;
    const others = engine.othersOf(this.checklist, [...answers, { item, person, value }]);
    return engine.readAnswer(found, value, { inspected_on: this.document.inspected_on, facts: this.facts, others }, person);
  }

  /** @param {string} key */
  kept(key) { return this.view.answers.get(key); }

  /** @param {string} item @param {string | null} person @returns {any[]} */
  photos(item, person) {
    const key = engine.keyOf(item, person);
    return (this.document.links ?? []).filter((/** @type {any} */ one) => engine.keyOf(one.item, one.person) === key);
  }

  /**
   * What tablet and server must agree on; revisions that the server will give to what waits are counted ahead.
   * @param {any[]} [signatures]
   */
  async manifest(signatures = []) {
    const waiting = (await store.waitingOps()).filter((op) => op.inspection === this.id && REVISED.has(op.kind));
    const ahead = (/** @type {any} */ row) => waiting.filter((op) => engine.keyOf(op.item, op.person) === engine.keyOf(row.item, row.person)).length;
    const answers = [...this.view.answers.values()].map((row) => ({ ...row, rev: (row.rev ?? 0) + ahead(row) })).filter((row) => row.rev);
    const { links: photos = [], checklist_sha } = this.document;
    return { inspection: this.id, checklist_sha, answers, photos, signatures };
  }

  /** @param {string} item @param {string | null} person @returns {any[]} */
  conflicts(item, person) {
    const key = engine.keyOf(item, person);
    return (this.document.conflicts ?? []).filter((/** @type {any} */ one) => engine.keyOf(one.item, one.person) === key);
  }

  /** @param {string} item */
  due(item) {
    const found = engine.itemAt(this.checklist, item);
    return found ? engine.dueDate(this.checklist.due, found.correct_by, found.severity, this.document.inspected_on) : "";
  }

  /**
   * Answers that belong together; shown at once, fulfilled when they are on the disk.
   * @param {Given[]} given @param {import("./outbox.js").Act[]} [beside] goes along, such as the mark of a group
   */
  answer(given, beside = []) {
    const keys = given.map((one) => engine.keyOf(one.item, one.person));
    given.forEach((one, place) => {
      const before = this.view.answers.get(keys[place]);
      this.view.answers.set(keys[place], {
        rev: 0, ...before, item: one.item, person: one.person, value: one.value, state: "here", client_time: "",
      });
      this.flying.set(keys[place], (this.flying.get(keys[place]) ?? 0) + 1);
    });
    this.worked = undefined;
    this.turn += 1;
    this.#tell(keys, "own");
    const acts = given.map((one) => ({ kind: "answer", ...one }));
    return this.#write(keys, () => outbox.giveAll(this.id, [...acts, ...beside]));
  }

  /** Any other operation. @param {import("./outbox.js").Act} act */
  async act(act) {
    await this.#write([], () => outbox.give(this.id, act));
    await this.reload("own");
  }

  /** @param {string[]} keys @param {() => Promise<any>} write */
  #write(keys, write) {
    const done = this.fresh.then(write).finally(() => {
      for (const key of keys) {
        const left = (this.flying.get(key) ?? 1) - 1;
        if (left > 0) this.flying.set(key, left);
        else this.flying.delete(key);
      }
    });
    this.writes.add(done);
    const over = () => { this.writes.delete(done); };
    done.then(() => {
      for (const key of keys) {
        const row = this.view.answers.get(key);
        if (row && !this.flying.has(key)) row.client_time = new Date().toISOString();
      }
      this.#tell(keys, "stored");
    }).then(over, over);
    return done;
  }

  /** Everything that was given is on the disk. */
  async settled() {
    while (this.writes.size) await Promise.allSettled([...this.writes]);
  }

  /** Somebody else's newer answers are on the page already: wait for their revisions before giving anything. */
  hold() {
    let over = () => {};
    this.fresh = new Promise((resolve) => { over = () => resolve(undefined); });
    setTimeout(over, FRESH);
    outbox.refresh(this.id).then(over, over);
  }

  /** Look for other tablets' changes while the page is looked at. */
  watch() { this.stop = outbox.watch(this.id); }

  #hear() {
    outbox.status.addEventListener("changed", (event) => {
      const { visit, why } = /** @type {CustomEvent} */ (event).detail;
      if (visit !== this.id) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.reload(why), SOON);
    });
  }

  /** Read again what is stored; what is still flying stays as it is. @param {string} why */
  async reload(why) {
    const view = await store.load(this.id);
    if (!view) return;
    const changed = [];
    for (const key of new Set([...view.answers.keys(), ...this.view.answers.keys()])) {
      const [now, before] = [view.answers.get(key), this.view.answers.get(key)];
      if (this.flying.has(key) && before) view.answers.set(key, before);
      else if (JSON.stringify(now) !== JSON.stringify(before)) changed.push(key);
    }
    const around = JSON.stringify({ ...view.visit, seq: 0 }) !== JSON.stringify({ ...this.view.visit, seq: 0 });
    this.view = view;
    this.fields = undefined;
    this.worked = undefined;
    if (changed.length || around) this.#tell(changed, why === "own" ? "own" : "elsewhere");
  }

  /** @param {string[]} keys @param {string} why */
  #tell(keys, why) { this.dispatchEvent(new CustomEvent("changed", { detail: { keys, why } })); }
}

/** @param {any} visit */
const shaOf = (visit) => visit.checklist_sha ?? visit.inspection?.checklist_sha;

/** Where an answer is by now, in words. @param {import("./store.js").Shown | undefined} kept @param {boolean} flying */
export function savedWords(kept, flying) {
  if (flying) return say("Saving…");
  if (!kept?.value || (!kept.received_at && !kept.client_time)) return "";
  if (kept.state === "attention") return say("Needs attention");
  if (kept.state === "here") return say("Saved on this tablet");
  const at = new Date(kept.received_at ?? "");
  if (Number.isNaN(at.getTime())) return say("Saved");
  const language = document.documentElement.lang || "en";
  const today = at.toDateString() === new Date().toDateString();
  /** @type {Intl.DateTimeFormatOptions} */
  const how = today ? { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } : { day: "numeric", month: "short" };
  return say("Saved {time}", { time: new Intl.DateTimeFormat(language, how).format(at) });
}
