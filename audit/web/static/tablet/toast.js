/** A line in the bar at the foot: what was just done, with the way back where there is one. */

import { make } from "./dom.js";
import { say } from "./engine/tongue.js";

const LASTS = 9000;

export class Toast {
  /** @param {Element} bar */
  constructor(bar) {
    this.element = make("div.toast", { hidden: true });
    bar.querySelector(".go")?.before(this.element);
  }

  /** Stays until the next one, or, with a way back, for a while. @param {string} words @param {() => void} [undo] */
  say(words, undo) {
    this.#show(make("span", {}, words), undo && make("button.btn", { type: "button", onclick: undo }, say("Undo")));
    if (undo) this.#later();
  }

  /** Read out at once. @param {string} words */
  alert(words) { this.#show(make("span", { role: "alert" }, words)); }

  hide() { this.element.hidden = true; }

  /** @param {HTMLElement} words @param {HTMLElement} [button] */
  #show(words, button) {
    this.element.replaceChildren(words, ...(button ? [button] : []));
    this.element.hidden = false;
    clearTimeout(this.timer);
  }

  #later() {
    this.timer = setTimeout(() => {
      if (this.element.matches(":hover, :focus-within")) this.#later();
      else this.hide();
    }, LASTS);
  }
}
