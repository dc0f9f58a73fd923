/** Two tablets, two values: both stand side by side until somebody chooses one and says why. */

import { make } from "./dom.js";
import { say } from "./engine/tongue.js";
import { wellFormed } from "./engine/values.js";
import { rawWords } from "./cards.js";

/** @param {any} one @param {string} zone */
function entered(one, zone) {
  const time = (/** @type {string | undefined} */ at) =>
    at ? new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "medium", timeStyle: "short", timeZone: zone || undefined }).format(new Date(at)) : "";
  const parts = [one.author_name, one.device_name || one.device, time(one.received_at ?? one.at)];
  if (one.client_time) parts.push(say("tablet's clock {time}", { time: time(one.client_time) }));
  return parts.filter(Boolean).join(", ");
}

/** @param {import("./cards.js").Unit} unit @param {(words: string) => void} tell */
export function settleClash(unit, tell) {
  const rivals = unit.visit.conflicts(unit.item.key, unit.person);
  const key = JSON.stringify(rivals);
  if (unit.clash === key) return;
  const before = unit.clash;
  unit.clash = key;
  if (rivals.length || before !== undefined) unit.element.querySelector(".clash")?.remove();
  if (!rivals.length) return;
  unit.element.prepend(draw(unit, rivals, tell));
  unit.card.element.open = true;
}

/** @param {import("./cards.js").Unit} unit @param {any[]} rivals @param {(words: string) => void} tell */
function draw(unit, rivals, tell) {
  const { visit, item, slug, person } = unit, kept = visit.kept(unit.key);
  const zone = visit.document.time_zone ?? "";
  const choice = (/** @type {string} */ value, /** @type {string} */ by, /** @type {any} */ raw) =>
    make("label.tick", {}, make("input", { type: "radio", name: `${slug}-keep`, value }),
      make("span", {}, make("span.label", {}, by), make("br"), rawWords(item, raw ?? {})));
  const current = rivals[0].current ?? kept;
  const reason = /** @type {HTMLInputElement} */ (make("input", { id: `${slug}-keep-reason`, name: `${slug}-keep-reason` }));
  const box = make("fieldset.clash", { id: `${slug}-keep` },
    make("legend", {}, say("Two answers for one item: choose which one counts")),
    make("div.opts", {},
      choice("current", say("Kept now: {who}", { who: entered({ ...kept, ...rivals[0].current }, zone) }), current?.value),
      ...rivals.map((one) => choice(one.op_id, entered(one, zone), one.value))),
    make("div.field", {}, make("label", { for: reason.id }, say("Why this one")), reason),
    make("p.small", {}, say("Both stay in the history.")),
    make("button.btn.go", { type: "button", onclick: choose }, say("Keep this answer")));
  async function choose() {
    const chosen = /** @type {HTMLInputElement | null} */ (box.querySelector("input[type=radio]:checked"));
    if (!chosen) return tell(say("Choose one of the two answers."));
    if (!reason.value.trim()) { reason.focus(); return tell(say("Say why this one counts.")); }
    const value = { keep: chosen.value, reason: wellFormed(reason.value.trim()) };
    await visit.act({ kind: "resolve", item: item.key, person, value });
    tell(say("{number}: chosen", { number: item.number }));
  }
  return box;
}
