/** What the pages drawn on the tablet have in common: crumbs, steps, lists, and the small shapes of look.html. */

import { icon, make, markOf, shape } from "./dom.js";
import { say } from "./engine/tongue.js";
import { drawStrip } from "./strips.js";

/** Words of the states, purposes and results, as the server's pages say them. */
export const STATES = () => ({
  "not started": ["not-started", say("Not started")], "looked at": ["looked-at", say("Looked at")],
  "something missing": ["something-missing", say("Something missing")], done: ["done", say("Done")],
});
export const PURPOSES = () => ({
  routine: say("Routine"), "follow-up": say("Follow-up"), complaint: say("Complaint"), "pre-opening": say("Before opening"),
  investigation: say("Investigation of an injury or infection"), "change-of-owner": say("Change of owner"),
  "temporary-event": say("Temporary event"), other: say("Other"), "self-audit": say("Self-audit"),
});
export const RESULTS = () => ({
  "no-findings": say("No findings"), findings: say("Findings"), "uncorrected-critical": say("Critical finding open"),
  "not-scored": say("Not scored"),
});
export const SHAPES = { "no-findings": "IN", findings: "OUT", "uncorrected-critical": "OUT", "not-scored": "NO" };

/** @param {[string, string][]} links */
export const crumbs = (links) =>
  make("nav.crumb", { "aria-label": say("Where you are") },
    ...links.flatMap(([href, words], place) => [place ? " / " : "", make("a", { href }, words)]));

/** @param {string} id @param {number} at */
export function steps(id, at) {
  const names = [["check", say("Check answers")], ["result", say("Result")], ["sign", say("Sign")], ["seal", say("Seal")]];
  return make("ol.steps", {}, ...names.map(([name, words], place) =>
    make("li", { "aria-current": place === at && "step" }, place < at ? make("a", { href: `/visits/${id}/${name}` }, words) : words)));
}

/** @param {string} value @param {string} words */
export const state = (value, words) => make(`span.state.is-${value}`, {}, words);

/** @param {(string | null)[]} marks @param {string} [label] */
export function bars(marks, label) {
  const svg = shape("svg", { class: "bars", preserveAspectRatio: "none", ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }) });
  drawStrip(svg, marks);
  return svg;
}

/** @param {string} text @param {number} most */
export const cut = (text, most) => (text.length <= most ? text : `${text.slice(0, most).trimEnd()}…`);

/** @param {string} title @param {...(Node | string | null | undefined | false)} inside */
export const part = (title, ...inside) => make("section.part", {}, title && make("h2", {}, title), ...inside);

/** @param {...(Node | string | null | undefined | false)} inside */
export const bar = (...inside) => make("div.bar", {}, ...inside);

/** @param {string} href @param {string} words @param {string} [kind] */
export const link = (href, words, kind = "") => make(`a.btn${kind}`, { href }, words);

/** @param {string} status @param {string} [words] */
export const result = (status, words) => markOf(/** @type {any} */ (SHAPES)[status] ?? null, words ?? /** @type {any} */ (RESULTS())[status] ?? "");

export { icon, make, markOf };
