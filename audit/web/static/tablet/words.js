/** Sentences in the reader's language. The English sentence is the key, as on the server; the server sends the rest.
 *
 *  setWords(map, language)            map: {english: translation | [forms for 1, 2, …]}
 *  say("Section {position} of {total}", {position: 1, total: 9})
 *  several("{number} item", "{number} items", 3)
 */

/** @type {Record<string, string | string[]>} */
let words = {};
let language = "en";

/** @param {Record<string, string | string[]> | undefined} map @param {string} [tongue] */
export function setWords(map, tongue = "en") {
  words = map ?? {};
  language = tongue;
}

/** @param {string} text @param {Record<string, unknown>} values */
const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** @param {string} message @param {Record<string, unknown>} [values] @returns {string} */
export function say(message, values) {
  const found = words[message];
  const text = (Array.isArray(found) ? found[0] : found) || message;
  return values ? filled(text, values) : text;
}

/** @param {string} one @param {string} many @param {number} number @param {Record<string, unknown>} [values] */
export function several(one, many, number, values = {}) {
  const forms = words[one];
  let text = number === 1 ? one : many;
  if (Array.isArray(forms) && forms.length) text = forms[Math.min(form(number), forms.length - 1)] || text;
  return filled(text, { number, ...values });
}

/** @param {number} number */
function form(number) {
  const rules = new Intl.PluralRules(language);
  return Math.max(0, rules.resolvedOptions().pluralCategories.indexOf(rules.select(number)));
}
