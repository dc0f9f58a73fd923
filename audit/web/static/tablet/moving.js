/** What moves on a section page, and how far: nothing above the finger, and nothing at all for who asked for calm. */

import { calm } from "./dom.js";

const MOVE = 150, MOVED_WITH = 6, GAP = 8, KEPT_ABOVE = 160;

/** Smoothly, unless somebody asked for calm. @param {number} by in pixels */
const scroll = (by) => scrollBy({ top: by, behavior: calm() ? "auto" : "smooth" });

/** @param {Element | undefined} bar */
const upperEdge = (bar) => (bar?.getBoundingClientRect().top ?? innerHeight) - GAP;

/**
 * Brings something between the head and the bar into view, when it is not.
 * @param {Element} element @param {Element | undefined} head @param {Element | undefined} bar
 */
export function reveal(element, head, bar) {
  const top = (head?.getBoundingClientRect().bottom ?? 0) + GAP, bottom = upperEdge(bar);
  const card = element.closest(".item") ?? element;
  const { top: upper } = (element.matches(".unit + .unit") ? element : card).getBoundingClientRect();
  const lower = Math.min(element.getBoundingClientRect().bottom, upper + (bottom - top));
  if (upper < top || lower > bottom) scroll(upper - top);
}

/** What an OUT asks next comes into view, if it opened out of sight. @param {Element} unit @param {Element | undefined} bar */
export function uncover(unit, bar) {
  const asked = unit.querySelector(".detail .pills") ?? unit.querySelector(".detail");
  const hidden = (asked?.getBoundingClientRect().bottom ?? 0) - upperEdge(bar);
  const by = Math.min(hidden, unit.getBoundingClientRect().top - KEPT_ABOVE);
  if (by > 0) scroll(by);
}

/**
 * Folds a card; what follows moves up, what is above stays.
 * @param {import("./cards.js").Card} card @param {import("./cards.js").Card[]} cards all of the page
 */
export function foldAway(card, cards) {
  const { element } = card, place = cards.indexOf(card) + 1;
  if (!element.open) return;
  const inside = element.contains(document.activeElement);
  const after = calm() ? [] : cards.slice(place, place + MOVED_WITH).map((one) => one.element);
  const before = element.getBoundingClientRect().bottom;
  element.open = false;
  const moved = before - element.getBoundingClientRect().bottom;
  for (const one of after) {
    one.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], { duration: MOVE, easing: "ease-out" });
  }
  if (inside) element.querySelector("summary")?.focus({ preventScroll: true });
}
