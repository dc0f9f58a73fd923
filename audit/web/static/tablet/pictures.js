/** Photos at their item: taken in place, seen at once, told about in a line, pointed at with arrows and circles.
 *
 *  A mark is data, drawn over the photo: {kind: "arrow", from: [x, y], to: [x, y]} or {kind: "circle", at: [x, y], r},
 *  in ten-thousandths of the photo's width, so it fits every copy of it.
 */

import { fill, icon, make, shape } from "./dom.js";
import { say } from "./engine/tongue.js";
import { wellFormed } from "./engine/values.js";
import { fullAddress, takeAll, thumbAddress } from "./photos.js";

const WIDE = 10000, LEAST = 250, MOST_MARKS = 20;

/** @typedef {import("./cards.js").Unit} Unit */

export class Pictures {
  /** @param {import("./visit.js").Visit} visit @param {(words: string, seen?: boolean) => void} tell */
  constructor(visit, tell) {
    this.visit = visit;
    this.tell = tell;
    this.input = /** @type {HTMLInputElement} */ (make("input", { type: "file", accept: "image/*", multiple: true, hidden: true, "data-photos": true }));
    document.body.append(this.input);
  }

  /** @param {Unit} unit */
  choose(unit) {
    this.input.value = "";
    this.input.onchange = () => this.take(unit, [...(this.input.files ?? [])]);
    this.input.click();
  }

  /** @param {Unit} unit @param {File[]} files */
  async take(unit, files) {
    const box = /** @type {HTMLInputElement | null} */ (unit.element.querySelector(".opener:not([name])"));
    if (box) box.checked = true;
    const key = { item: unit.item.key, person: unit.person };
    await takeAll(files, this.visit.id, key, (result) => {
      if (result instanceof Error) this.tell(result.message, true);
    });
    await this.visit.reload("own");
  }

  /** The strip and the button of an answer. @param {Unit} unit */
  draw(unit) {
    const links = this.visit.photos(unit.item.key, unit.person);
    const key = JSON.stringify(links);
    if (unit.pictured === key) return;
    unit.pictured = key;
    const button = unit.element.querySelector("button[value^='photos:']");
    const words = links.length ? say("Photos ({number})", { number: links.length }) : unit.item.photo_asked ? say("Add the photo asked for") : say("Add photo");
    if (button) fill(button, icon("i-camera"), words);
    const box = /** @type {HTMLInputElement | null} */ (unit.element.querySelector(".opener:not([name])"));
    if (box && links.length) box.checked = true;
    fill(unit.strip, ...links.map((link, place) => this.#shot(unit, link, place + 1)));
    unit.strip.hidden = !links.length;
  }

  /** @param {Unit} unit @param {any} link @param {number} number */
  #shot(unit, link, number) {
    const name = link.caption || say("Photo {number}", { number });
    const picture = /** @type {HTMLImageElement} */ (make("img", { alt: name, width: 90, height: 90 }));
    thumbAddress(link.sha256).then((address) => { picture.src = address; });
    const marks = link.marks?.length ? make("span.badge", {}, icon("i-arrow"), make("span.vh", {}, say("with marks"))) : null;
    return make("button.shot", { type: "button", onclick: () => this.#open(unit, link, name) }, picture, marks);
  }

  /** @param {Unit} unit @param {any} link @param {string} name */
  async #open(unit, link, name) {
    const key = { item: unit.item.key, person: unit.person };
    const { sha256 } = link;
    const layer = new Layer(link.marks ?? [], name, await fullAddress(sha256));
    const caption = /** @type {HTMLInputElement} */ (make("input", { id: "photo-caption", value: link.caption ?? "", maxlength: 200 }));
    const close = () => { dialog.close(); };
    const save = async () => {
      close();
      const now = { caption: wellFormed(caption.value.trim()), marks: layer.marks };
      if (now.caption === (link.caption ?? "") && JSON.stringify(now.marks) === JSON.stringify(link.marks ?? [])) return;
      await this.visit.act({ kind: "caption", ...key, value: { sha256, ...now }, photo: sha256 });
      this.tell(say("Photo saved on this tablet"));
    };
    const remove = async (/** @type {Event} */ event) => {
      const button = /** @type {HTMLElement} */ (event.currentTarget);
      if (!button.dataset.sure) {
        button.dataset.sure = "yes";
        button.textContent = say("Remove it now");
        return;
      }
      close();
      await this.visit.act({ kind: "photo-unlink", ...key, value: { sha256 }, photo: sha256 });
      this.tell(say("Photo removed"), true);
    };
    const dialog = /** @type {HTMLDialogElement} */ (make("dialog.panel.photo", { "aria-labelledby": "photo-title" },
      make("h2", { id: "photo-title" }, `${unit.item.number} ${name}`),
      layer.box, layer.tools,
      make("div.field", {}, make("label", { for: "photo-caption" }, say("What it shows"), " ", make("span.quiet.small", {}, say("optional"))), caption),
      make("div.row.spread", {}, make("button.btn.stop", { type: "button", onclick: remove }, say("Remove")),
        make("button.btn.go", { type: "button", onclick: save }, say("Done")))));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  }
}

/** A photo with what is drawn over it. */
class Layer {
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
