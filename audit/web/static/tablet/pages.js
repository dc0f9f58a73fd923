/** The pages that the server drew come alive here, when this browser can keep what is tapped. Where it cannot, nothing
 *  happens and they go on as ordinary forms.
 */

import { ready } from "./boot.js";
import { adopt } from "./cards.js";
import { breath } from "./dom.js";
import { entered } from "./first.js";
import { caughtUp } from "./leaving.js";
import { offerToTake } from "./places.js";
import { Section } from "./section.js";
import * as store from "./store.js";
import { Visit } from "./visit.js";

const PATIENCE = 3000;

/** @param {HTMLFormElement} form */
async function section(form) {
  const visit = await Visit.open(form.dataset.visit ?? "");
  if (!visit?.running) return;
  await breath();
  const cards = [...form.querySelectorAll("details.item")].map((one) => adopt(one, visit));
  if (cards.some((card) => !card.item.key)) return; // another checklist than the one we have
  const drawn = (/** @type {import("./cards.js").Unit} */ unit) => Number.parseInt(unit.field("rev")?.value ?? "0", 10);
  // The server may have drawn what another tablet said since we last asked: that is not what was tapped here.
  if (cards.some((card) => card.units.some((unit) => drawn(unit) > (visit.kept(unit.key)?.rev ?? 0)))) {
    visit.hold();
    await visit.fresh;
    await visit.reload("own");
  }
  await breath();
  visit.judged; // worked out once, on its own: what is drawn next reads it
  await breath();
  await new Section(form, visit, cards).begin(entered());
  visit.watch();
}

/** Does anything about this visit wait on this tablet? @param {string} id */
async function waits(id) {
  const found = [...(await store.waitingOps()), ...(await store.waitingPhotos())];
  return found.some((one) => one.inspection === id);
}

/** The server drew a page without knowing what waits here: it is drawn anew, by whoever knows. @param {string} id */
async function anew(id) {
  await caughtUp(PATIENCE);
  if (!(await waits(id))) { location.reload(); return; }
  const page = (await globalThis.caches?.match("/tablet")) ?? (await fetch("/tablet"));
  const shell = new DOMParser().parseFromString(await page.text(), "text/html");
  document.head.append(...shell.querySelectorAll("template"));
  const { begin } = await import("./shell.js");
  await begin(/** @type {HTMLElement} */ (document.getElementById("main")));
}

const { works, person } = await ready;
if (works && person) {
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-section]"));
  const [, visit] = location.pathname.match(/^\/visits\/([0-9a-f-]{36})(?:\/|$)/) ?? [];
  const take = /** @type {HTMLElement | null} */ (document.querySelector("[data-take]"));
  if (take) await offerToTake(take, take.dataset.take ?? "");
  else if (form) await section(form);
  else if (visit && await waits(visit)) await anew(visit);
}
