// Words in the reader's language, as audit/domain/tongue.py: English is the message, the server brings the rest.

/** @type {Record<string, string | string[]>} */
let spoken = {};
let [decimalSign, groupSign] = [".", ","];
/** @type {Intl.LDMLPluralRule[]} */
const ORDER = ["zero", "one", "two", "few", "many", "other"];
let plurals = new Intl.PluralRules("en");

/**
 * Say everything from now on in these words.
 * @param {Record<string, string | string[]>} words message to translation; for `several` to all forms, in order
 * @param {{language?: string, decimal_sign?: string, group_sign?: string}} [tongue]
 *   the language decides which form goes with a number; the signs stand within numbers
 */
export function speak(words, { language = "en", decimal_sign = ".", group_sign = "," } = {}) {
  spoken = words;
  [decimalSign, groupSign] = [decimal_sign, group_sign];
  plurals = new Intl.PluralRules(language);
}

/**
 * The message in the tongue of the moment, with `{name}` filled from `values`.
 * @param {string} message
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function say(message, values) {
  const found = Object.hasOwn(spoken, message) ? spoken[message] : message;
  return filled(Array.isArray(found) ? found[0] : found, values);
}

/**
 * As `say`, in the form that goes with `number`; `{number}` is filled too.
 * @param {string} one
 * @param {string} many
 * @param {number} number
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function several(one, many, number, values) {
  const forms = Object.hasOwn(spoken, one) ? spoken[one] : null;
  if (!Array.isArray(forms)) return say(number === 1 ? one : many, { number, ...values });
  return filled(forms[formOf(number, forms.length)], { number, ...values });
}

/** The place of a number's form: catalogues order them as the plural rules do, with the general one last. */
function formOf(number, count) {
  const used = plurals.resolvedOptions().pluralCategories;
  const known = ORDER.filter((name) => used.includes(name));
  return Math.min(known.indexOf(plurals.select(number)), count - 1);
}

function filled(words, values) {
  if (!values) return words;
  return words.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(values, name) ? String(values[name]) : all));
}

/** A number as it is written in this tongue: `121.5` or `121,5`. @param {string} number @returns {string} */
export const numeral = (number) => number.replace(".", decimalSign);

/** A whole number with its thousands set apart: `4,000` or `4.000`. @param {number} number @returns {string} */
export const thousands = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, groupSign);
