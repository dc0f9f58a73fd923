// Facts decide which items apply: a clinic's profile and what a visit is like (audit/domain/facts.py).

import { say } from "./tongue.js";
import { stripped, Wrong } from "./values.js";

/**
 * @param {Record<string, any>} fact a row of the checklist's `facts`
 * @param {unknown} raw what a form or document carried; empty means not known
 * @returns {boolean | number | string | null}
 * @throws {Wrong} in words fit for the field
 */
export function readFact(fact, raw) {
  const text = stripped(String(raw ?? ""));
  if (!text) return null;
  if (fact.kind === "bool") {
    const answer = text.toLowerCase();
    if (!["true", "false", "yes", "no"].includes(answer)) throw new Wrong(say("Choose yes, no or not known."));
    return answer === "true" || answer === "yes";
  }
  if (fact.kind === "int") {
    if (!/^\d{1,6}$/.test(text)) throw new Wrong(say("Give a whole number, 0 or more."));
    return Number(text);
  }
  if (!fact.options.some((option) => option.value === text)) throw new Wrong(say("Choose one of the answers offered."));
  return text;
}

/** The value in words: yes, no, the option's label or the number. @returns {string} */
export function factWords(fact, value) {
  const text = String(value);
  if (fact.kind === "bool" && (text === "true" || text === "false")) return text === "true" ? say("yes") : say("no");
  return fact.options.find((option) => option.value === text)?.label ?? text;
}
