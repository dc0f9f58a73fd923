// Days without clocks and zones: an ISO date (year-month-day) and the number of days since 1970.

const DAY = 86_400_000;

/**
 * @param {string} iso
 * @returns {number | null} days since 1970, or null when there is no such day
 */
export function dayNumber(iso) {
  const number = Date.parse(`${iso}T00:00:00Z`) / DAY;
  return Number.isInteger(number) && isoOf(number) === iso && iso >= "0001" ? number : null;
}

/** Of a day that is known to be one. @returns {number} */
const sure = (/** @type {string} */ iso) => /** @type {number} */ (dayNumber(iso));

/** @param {number} day @returns {string} */
export function isoOf(day) {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** @param {string} iso @param {number} days @returns {string} */
export function plusDays(iso, days) {
  return isoOf(sure(iso) + days);
}

/** @param {string} from @param {string} to @returns {number} */
export function daysBetween(from, to) {
  return sure(to) - sure(from);
}

/** @param {string} iso @returns {number} 0 is Monday */
export function weekday(iso) {
  return (((sure(iso) + 3) % 7) + 7) % 7;
}

/**
 * Calendar months back; 31 March less one month is the last day of February.
 * @param {string} iso
 * @param {number} count
 * @returns {string}
 */
export function monthsBefore(iso, count) {
  const [year, month, day] = iso.split("-").map(Number);
  const months = year * 12 + month - 1 - count;
  const first = `${String(Math.floor(months / 12)).padStart(4, "0")}-${two((months % 12) + 1)}-`;
  for (let last = day; ; last--) if (dayNumber(first + two(last)) !== null) return first + two(last);
}

const two = (number) => String(number).padStart(2, "0");
