/** Photos at their item: taken in place, seen at once, told about in a line, pointed at (layer.js). */

import { fill, icon, make } from "./dom.js";
import { say } from "./engine/tongue.js";
import { wellFormed } from "./engine/values.js";
import { fullAddress, takeAll, thumbAddress } from "./photos.js";

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
    const { Layer } = await import("./layer.js");
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
