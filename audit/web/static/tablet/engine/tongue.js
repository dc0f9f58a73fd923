// Words in the reader's language, as audit/domain/tongue.py: English is the message, the server brings the rest.

/** @type {Record<string, string | string[]>} */
let spoken = {};
let plurals = new Intl.PluralRules("en");

/**
 * Say everything from now on in these words.
 * @param {Record<string, string | string[]>} words message to translation; for `several` to all forms, in order
 * @param {string} [language] decides which form goes with a number
 */
export function speak(words, language = "en") {
  spoken = words;
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
  const words = Array.isArray(forms) ? forms[formOf(number, forms.length)] : number === 1 ? one : many;
  return filled(words, { number, ...values });
}

/** The place of a number's form: catalogues order them as the plural rules do, with the general one last. */
function formOf(number, count) {
  const order = ["zero", "one", "two", "few", "many", "other"];
  const known = order.filter((name) => plurals.resolvedOptions().pluralCategories.includes(name));
  return Math.min(known.indexOf(plurals.select(number)), count - 1);
}

function filled(words, values) {
  if (!values) return words;
  return words.replace(/\{(\w+)\}/g, (all, name) => (Object.hasOwn(values, name) ? String(values[name]) : all));
}

/** @param {number} count @returns {string} with commas between thousands: `4,000` */
export function grouped(count) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
