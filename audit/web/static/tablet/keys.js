/** Keyboard shortcuts. One letter each, so they can be switched off, and none is heard while somebody types. */

import { comfort } from "./comfort.js";

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable], canvas, dialog";
const MARKS = ["IN", "OUT", "NO", "NA"];

/**
 * @typedef {object} Deeds
 * @property {(mark: string) => void} mark
 * @property {() => void} note
 * @property {(step: 1 | -1) => void} move
 * @property {() => void} undo
 * @property {() => void} help
 */

/** @param {KeyboardEvent} event @returns {[string, any] | null} what a key asks for */
function meant(event) {
  const { key } = event;
  if (key >= "1" && key <= "4" && key.length === 1) return ["mark", MARKS[Number(key) - 1]];
  if (key === "n") return ["note", undefined];
  if (key === "u") return ["undo", undefined];
  if (key === "?") return ["help", undefined];
  if (key === "j" || key === "ArrowDown") return ["move", 1];
  if (key === "k" || key === "ArrowUp") return ["move", -1];
  return null;
}

/** Up and down belong to a list of choices while one is in it; marks lie side by side and lend them. @param {Element} at @param {string} key */
const belongsTo = (at, key) =>
  key.startsWith("Arrow") && Boolean(at.closest("input:not(.marks input), summary + *")) && !at.closest(".marks");

/** @param {Deeds} deeds */
export function hear(deeds) {
  document.addEventListener("keydown", (event) => {
    const at = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!comfort().keys || at.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
    const found = meant(event);
    if (!found || (event.repeat && found[0] !== "move") || belongsTo(at, event.key)) return;
    event.preventDefault();
    /** @type {any} */ (deeds)[found[0]](found[1]);
  });
}
