/** How far a section is: its strip, its counts, the rail, and what is flagged. */

import { say } from "./engine/tongue.js";
import { drawStrip } from "./strips.js";

/** @param {{answered: number, total: number, preset: number}} journey */
export function answeredWords({ answered, total, preset }) {
  const words = say("{answered} of {total} answered", { answered, total });
  return preset ? `${words} · ${say("{number} preset to NO", { number: preset })}` : words;
}

/**
 * @param {HTMLFormElement} form of the section @param {string} key of the section
 * @param {ReturnType<typeof import("./engine/steps.js").journey>} journey @param {number} flags cards that need somebody
 */
export function showCounts(form, key, journey, flags) {
  const state = journey.sections.find((one) => one.section.key === key);
  drawStrip(form.querySelector(".sect .bars"), (state?.items ?? []).map((one) => (one.complete ? one.mark : null)));
  const counts = form.querySelector("[data-counts] b");
  if (counts) counts.textContent = answeredWords(journey);
  for (const one of journey.sections) {
    const row = form.querySelector(`.rail [value="${CSS.escape(`section:${one.section.key}`)}"] .num`);
    if (row) row.textContent = `${one.answered}/${one.total}`;
  }
  const button = form.querySelector("[data-flags]");
  button?.classList.toggle("is-none", !flags);
  if (button) /** @type {HTMLElement} */ (button.querySelector("b")).textContent = String(flags);
}
