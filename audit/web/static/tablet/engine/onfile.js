// What a clinic's papers, log and lots say to an item, on the day of the visit (audit/operations/suggestions.py).

import { valueParts } from "./checklists.js";
import { judgeDate, looksAhead, standingFor } from "./limits.js";

/**
 * @typedef {{before: string[], part: string, issued: string | null, expires: string | null, after: string[], ahead: boolean}} OnFile
 *   words, and between them age and limit of the date that `part` asks for
 */

/**
 * @param {OnFile} one @param {any} item @param {Record<string, unknown>} facts @param {string} on
 * @returns {{words: string[], values: [string, string][]}} lines, and the values that could be taken over
 */
export function suggestion(one, item, facts, on) {
  const part = valueParts(item).find((found) => found.key === one.part && found.kind === "date");
  const limit = part ? standingFor(part.limit, facts) : null;
  const value = limit?.kind === "max-age" ? one.issued : one.expires;
  const told = limit && value && (looksAhead(limit) || (!one.ahead && value <= on));
  const aged = told ? judgeDate(limit, value, on).words : "";
  return { words: [...one.before, ...(aged ? [aged] : []), ...one.after], values: part && value ? [[one.part, value]] : [] };
}
