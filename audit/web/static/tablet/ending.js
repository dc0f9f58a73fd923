/** Setting a visit aside without a network: it counts nowhere from then on, and what was entered can still be read. */

import { fill, make } from "./dom.js";
import { say } from "./engine/tongue.js";
import { wellFormed } from "./engine/values.js";
import { bar, crumbs, link } from "./views.js";

const LONGEST = 1000;

/** @param {import("./visit.js").Visit} visit @param {HTMLElement} main */
export function setAside(visit, main) {
  const base = `/visits/${visit.id}`;
  const reason = /** @type {HTMLTextAreaElement} */ (make("textarea", { id: "reason", name: "reason", rows: 3, maxlength: LONGEST, "aria-describedby": "reason-hint" }));
  const field = make("div.field", {}, make("label", { for: "reason" }, say("Reason")),
    make("span.hint", { id: "reason-hint" }, say("For example: the clinic was closed on arrival.")), reason);
  const form = make("form", { "data-kept": "yes" }, make("div.card", {}, field),
    bar(link(base, say("Back")), make("button.btn.stop.big", {}, say("Set it aside"))));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = wellFormed(reason.value.trim());
    field.querySelector(".err")?.remove();
    if (!words) {
      field.prepend(make("p.err", { role: "alert" }, say("Say why this visit is set aside.")));
      reason.focus();
      return;
    }
    await visit.settled();
    await visit.act({ kind: "set-aside", value: { reason: words } });
    location.assign(base);
  });
  fill(main, crumbs([[base, say("{clinic}: overview", { clinic: visit.clinicName })]]), make("h1", {}, say("Set this visit aside?")),
    make("p.part", {}, say("It then counts nowhere and cannot be taken up again. What was entered is kept and can still be read.")), form);
}
