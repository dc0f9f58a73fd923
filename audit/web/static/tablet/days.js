/** Dates and times in words, with the weekday, as audit/web/dates.py says them. */

import { say, several } from "./engine/tongue.js";

const DAY = 86_400_000;
const SOON = 7;
const language = () => (document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || "en-GB");

/** @param {string | undefined} iso @returns {string} `Tue 3 Mar 2026` */
export function dayWords(iso) {
  if (!iso) return "";
  /** @type {Intl.DateTimeFormatOptions} */
  const how = { weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(language(), how).format(new Date(`${iso}T00:00:00Z`)).replaceAll(",", "");
}

/** @param {string | undefined} at @param {string} zone @returns {string} `Tue 3 Mar 2026, 09:05` */
export function momentWords(at, zone) {
  if (!at) return "";
  const time = new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone || undefined });
  return `${dayWords(dayIn(zone, new Date(at)))}, ${time.format(new Date(at))}`;
}

/** The local date there. @param {string} zone @param {Date} [at] @returns {string} an ISO date */
export function dayIn(zone, at = new Date()) {
  const parts = new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", timeZone: zone || undefined });
  return parts.format(at);
}

/** What is left of a finding's time, with its tone. @param {string} due @param {string} today @returns {[string, string]} */
export function dueLeft(due, today) {
  const days = Math.round((Date.parse(due) - Date.parse(today)) / DAY);
  const words = several("{number} day", "{number} days", Math.abs(days));
  if (days < 0) return [say("{days} overdue", { days: words }), "over"];
  if (!days) return [say("Due today"), "soon"];
  return [say("{days} left", { days: words }), days <= SOON ? "soon" : "fine"];
}

/** @param {string} day @param {string} from */
export function daysFrom(day, from) {
  const days = Math.round((Date.parse(day) - Date.parse(from)) / DAY);
  if (!days) return say("today");
  return days > 0
    ? several("in {number} day", "in {number} days", days)
    : several("{number} day ago", "{number} days ago", -days);
}
