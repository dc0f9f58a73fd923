/** A section that the server drew comes alive: its cards are adopted, what this tablet knows is laid over them. */

import { adopt } from "./cards.js";
import { breath, frame } from "./dom.js";
import { entered } from "./first.js";
import { Section } from "./section.js";
import { Visit } from "./visit.js";

/** @param {HTMLFormElement} form */
export async function section(form) {
  const visit = await Visit.open(form.dataset.visit ?? "");
  if (!visit?.running) return;
  await breath();
  const cards = [];
  for (const one of form.querySelectorAll("details.item")) {
    cards.push(adopt(one, visit));
    await frame();
  }
  if (cards.some((card) => !card.item.key)) return; // another checklist than the one we have
  const drawn = (/** @type {import("./cards.js").Unit} */ unit) => Number.parseInt(unit.field("rev")?.value ?? "0", 10);
  // The server may have drawn what another tablet said since we last asked: that is not what was tapped here.
  if (cards.some((card) => card.units.some((unit) => drawn(unit) > (visit.kept(unit.key)?.rev ?? 0)))) {
    visit.hold();
    await visit.fresh;
    await visit.reload("own");
  }
  await breath();
  await visit.ponder(); // what is drawn next reads it
  await breath();
  await new Section(form, visit, cards).begin(entered());
  visit.watch();
}
