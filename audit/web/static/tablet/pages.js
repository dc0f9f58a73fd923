/** The pages of a running visit that the server drew come alive here, when this browser can keep what is tapped.
 *  Where it cannot, nothing happens and they go on as ordinary forms.
 */

import { ready } from "./boot.js";
import { adopt } from "./cards.js";
import { Section } from "./section.js";
import { Visit } from "./visit.js";

/** @param {HTMLFormElement} form */
async function section(form) {
  const visit = await Visit.open(form.dataset.visit ?? "");
  if (!visit?.running) return;
  const cards = [...form.querySelectorAll("details.item")].map((one) => adopt(one, visit));
  if (cards.some((card) => !card.item.key)) return; // another checklist than the one we have
  const drawn = (/** @type {import("./cards.js").Unit} */ unit) => Number.parseInt(unit.field("rev")?.value ?? "0", 10);
  // The server may have drawn what another tablet said since we last asked: that is not what was tapped here.
  if (cards.some((card) => card.units.some((unit) => drawn(unit) > (visit.kept(unit.key)?.rev ?? 0)))) {
    visit.hold();
    await visit.fresh;
    await visit.reload("own");
  }
  new Section(form, visit, cards).begin();
  visit.watch();
}

const { works, person } = await ready;
if (works && person) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-section]"));
  if (form) await section(form);
}
