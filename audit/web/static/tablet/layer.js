/** A photo with arrows and circles drawn over it; loaded when somebody opens a photo.
 *
 *  A mark is data, drawn over the photo: {kind: "arrow", from: [x, y], to: [x, y]} or {kind: "circle", at: [x, y], r},
 *  in ten-thousandths of the photo's width, so it fits every copy of it.
 */

import { icon, make, shape } from "./dom.js";
import { say } from "./engine/tongue.js";

const WIDE = 10000, LEAST = 250, MOST_MARKS = 20;

/** A photo with what is drawn over it. */
export class Layer {
  /** @param {any[]} marks @param {string} name @param {string} address */
  constructor(marks, name, address) {
    this.marks = structuredClone(marks);
    /** @type {"arrow" | "circle" | ""} */
    this.tool = "";
    this.picture = /** @type {HTMLImageElement} */ (make("img", { alt: name, src: address }));
    this.svg = shape("svg", { "aria-hidden": "true" });
    this.box = make("div.layer", {}, this.picture);
    this.box.append(this.svg);
    this.picture.addEventListener("load", () => this.draw());
    const tool = (/** @type {"arrow" | "circle"} */ kind, /** @type {string} */ words) =>
      make("button.btn", { type: "button", "aria-pressed": "false", "data-tool": kind, onclick: () => this.choose(kind) }, icon(`i-${kind}`), words);
    this.tools = make("div.row.tools", {}, tool("arrow", say("Arrow")), tool("circle", say("Circle")),
      make("button.btn", { type: "button", onclick: () => { this.marks.pop(); this.draw(); } }, say("Undo")));
    const svg = /** @type {SVGSVGElement} */ (this.svg);
    svg.addEventListener("pointerdown", (event) => this.#begin(event));
    svg.addEventListener("pointermove", (event) => this.#draft(event));
    svg.addEventListener("pointerup", (event) => this.#end(event));
    svg.addEventListener("pointercancel", () => { this.from = undefined; this.draw(); });
  }

  /** @param {"arrow" | "circle"} kind */
  choose(kind) {
    this.tool = this.tool === kind ? "" : kind;
    for (const button of this.tools.querySelectorAll("[data-tool]")) {
      button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.tool === this.tool));
    }
    this.box.classList.toggle("is-drawing", Boolean(this.tool));
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  #at({ clientX, clientY }) {
    const { left, top, width } = this.svg.getBoundingClientRect();
    return [Math.round(((clientX - left) / width) * WIDE), Math.round(((clientY - top) / width) * WIDE)];
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (!this.tool || this.marks.length >= MOST_MARKS) return;
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    this.from = this.#at(event);
  }

  /** @param {PointerEvent} event */
  #mark(event) {
    const from = this.from ?? [0, 0], to = this.#at(event);
    const long = Math.round(Math.hypot(to[0] - from[0], to[1] - from[1]));
    if (long < LEAST) return null;
    return this.tool === "arrow" ? { kind: "arrow", from, to } : { kind: "circle", at: from, r: long };
  }

  /** @param {PointerEvent} event */
  #draft(event) {
    if (!this.from) return;
    const mark = this.#mark(event);
    this.draw(mark ? [mark] : []);
  }

  /** @param {PointerEvent} event */
  #end(event) {
    if (!this.from) return;
    const mark = this.#mark(event);
    this.from = undefined;
    if (mark) this.marks.push(mark);
    this.draw();
  }

  /** @param {any[]} [more] */
  draw(more = []) {
    const { naturalWidth, naturalHeight } = this.picture;
    if (!naturalWidth) return;
    this.svg.setAttribute("viewBox", `0 0 ${WIDE} ${Math.round((WIDE * naturalHeight) / naturalWidth)}`);
    const lines = [...this.marks, ...more].flatMap(pathsOf);
    this.svg.replaceChildren(...["under", "over"].flatMap((name) => lines.map((d) => shape("path", { class: name, d }))));
  }
}

/** @param {any} mark @returns {string[]} the lines of one mark */
export function pathsOf(mark) {
  if (mark.kind === "circle") {
    const { at: [x, y], r } = mark;
    return [`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`];
  }
  const { from, to } = mark, turn = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const tip = (/** @type {number} */ side) =>
    [to[0] - 450 * Math.cos(turn + side), to[1] - 450 * Math.sin(turn + side)].map(Math.round).join(" ");
  return [`M${from.join(" ")}L${to.join(" ")}`, `M${tip(0.5)}L${to.join(" ")}L${tip(-0.5)}`];
}
