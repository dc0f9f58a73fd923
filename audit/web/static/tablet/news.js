/** What the server knows and this tablet does not yet. */

import { link, tell, update } from "./state.js";
import * as store from "./store.js";
import { ask } from "./wire.js";

const WATCH = 15_000;

/** Bring in what changed at the server since we last asked. @param {string} visit @returns {Promise<boolean>} */
export async function refresh(visit) {
  const view = await store.load(visit);
  const address = `/api/v1/inspections/${visit}`;
  const answer = await ask("GET", view?.seq ? `${address}/changes?since=${view.seq}` : address);
  if (answer.kind === "signed-out") { link.reached = "signed-out"; update(); }
  if (answer.kind !== "ok" || !Array.isArray(answer.body.answers)) return false;
  const keys = view?.seq ? await store.mergeVisit(visit, answer.body) : (await store.keepVisit(answer.body), []);
  tell("changed", { visit, keys, why: "server" });
  return true;
}

/** @param {string} visit @returns {() => void} */
export function watch(visit) {
  const look = () => { if (document.visibilityState === "visible") refresh(visit); };
  look();
  const every = setInterval(look, WATCH);
  return () => clearInterval(every);
}
