/** What comes along before there is no network: who we are, the visits that run, clinics, checklists, words.
 *
 *  bring(force?, onWords?)  the bootstrap, and every visit that runs with its checklist; at most every five minutes.
 *                       onWords is called when everything can be said in the page's language
 *  takeAlong(clinic)    "take with me": a clinic's kit with its checklists. Promise<{clinic, checklists: n}>, or throws
 *                       an Error with the server's sentence when it did not come
 *  checklistOf(sha256)  from this tablet, else from the server; undefined when neither has it
 *  language()           of the words and checklists, as the pages have it
 *  now()                what the time is by the server, as far as its last answer told. Promise<Date>
 */

import { breath, idle } from "./dom.js";
import { say, speak } from "./engine/tongue.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { ask } from "./wire.js";

const OFTEN = 300_000;
const HALF_A_DAY = 43_200_000;
const KEPT_DAYS = 14;
const DAY = 86_400_000;
const ENGLISH = "en";
const MOST_THUMBS = 60;

/** A tablet's clock may be hours off; which day it is decides what a visit counts for and when things are due. */
export const now = async () => new Date(Date.now() + (Number(await store.note("offset").catch(() => 0)) || 0));

export const language = () => document.documentElement.lang || "en";

/** Say everything in the words that came last. @returns {Promise<boolean>} whether they are the page's own language */
export async function recallWords() {
  const found = await store.kit("bootstrap");
  if (!found?.words || found.word_language !== language()) return language() === ENGLISH;
  const { words, word_language, decimal_sign, group_sign } = found;
  speak(words, { language: word_language, decimal_sign, group_sign });
  return true;
}

/** @param {boolean} [force] @param {() => void} [onWords] @returns {Promise<boolean>} whether the server answered */
export async function bring(force = false, onWords = () => {}) {
  const before = await store.kit("brought");
  const turned = before?.language !== language(); // whatever was said in words is said in the former ones
  if (!force && !turned && Math.abs(Date.now() - before.at) < OFTEN) return true;
  const answer = await ask("GET", `/api/v1/bootstrap?lang=${language()}`);
  if (answer.kind !== "ok" || !answer.body.person) return false;
  const { body } = answer;
  await store.keepKit("bootstrap", body);
  await store.keepKit("brought", { at: Date.now(), language: language() });
  await store.setNote("offset", Date.parse(body.server_time) - Date.now());
  if (body.build) await store.setNote(`fresh:${body.build}`, String(body.server_time).slice(0, 10));
  await recallWords();
  onWords();
  for (const visit of body.visits ?? []) {
    await idle();
    await bringVisit(typeof visit === "string" ? visit : visit.id);
  }
  await bringClinics();
  await tidy();
  return true;
}

/** @param {string} id */
async function bringVisit(id) {
  if (!(await outbox.refresh(id))) return;
  const view = await store.load(id);
  if (view?.visit.checklist_sha) await isHere(view.visit.checklist_sha);
}

/** Where a visit runs, what the clinic keeps and what was left open is at hand too, as if it had been taken along. What
 *  was taken along in another language is taken along anew. */
async function bringClinics() {
  const running = (await store.visits()).filter((visit) => visit.state === "running" && visit.clinic_id);
  const foreign = (await store.clinics()).filter((kit) => kit.language !== language());
  for (const id of new Set([...running.map((visit) => visit.clinic_id), ...foreign.map((kit) => kit.clinic.id)])) {
    const kit = await store.clinic(id);
    if (kit?.language === language() && Math.abs(Date.now() - Date.parse(kit.taken_at)) < HALF_A_DAY) continue;
    await idle();
    await takeAlong(id).catch(() => {});
  }
}

/** @param {string} sha256 @returns {Promise<any>} */
export async function checklistOf(sha256) {
  return (await store.checklist(sha256, language())) ?? (await fetched(sha256)) ?? store.olderChecklist(sha256, language());
}

/** @param {string} sha256 @returns {Promise<any>} */
async function fetched(sha256) {
  const answer = await ask("GET", `/api/v1/checklists/${sha256}?lang=${language()}`);
  if (answer.kind !== "ok" || !answer.body.published) return undefined;
  await breath();
  await store.keepChecklist(sha256, language(), answer.text);
  return answer.body;
}

/** Brings a checklist that this tablet has not got, without reading one that it has. @param {string} sha256 @returns {Promise<boolean>} */
const isHere = async (sha256) => (await store.hasChecklist(sha256, language())) || Boolean(await fetched(sha256));

/** @param {string} clinic @returns {Promise<{clinic: any, checklists: number}>} */
export async function takeAlong(clinic) {
  const answer = await ask("GET", `/api/v1/clinics/${clinic}/kit`);
  if (answer.kind !== "ok" || !answer.body.clinic) {
    throw new Error(answer.words || say("This did not come along: the server did not answer."));
  }
  const kit = answer.body;
  let count = 0;
  for (const sha256 of new Set(Object.values(kit.checklists ?? {}).map(shaOf).filter(Boolean))) {
    if (!(await isHere(sha256))) throw new Error(say("This did not come along: the server did not answer."));
    count += 1;
  }
  await bringThumbs([...(kit.open_findings ?? []), ...(kit.older_findings ?? [])]);
  await store.keepClinic(clinic, { ...kit, language: language(), taken_at: new Date().toISOString() });
  return { clinic: kit.clinic, checklists: count };
}

/** Small copies of what was photographed last time. One that does not come is missing, no more. @param {any[]} findings */
async function bringThumbs(findings) {
  const names = new Set(findings.flatMap((one) => [...(one.photos ?? []).map((/** @type {any} */ photo) => photo.sha256), ...(one.after ?? [])]));
  await Promise.all([...names].slice(0, MOST_THUMBS).map(async (sha256) => {
    if (await store.thumb(sha256)) return;
    const answer = await fetch(`/photos/${sha256}/thumb`).catch(() => null);
    const type = answer?.headers.get("Content-Type") ?? "";
    if (answer?.ok && type.startsWith("image/")) await store.keepThumb(sha256, await answer.arrayBuffer(), type);
  }));
}

/** @param {any} one @returns {string} */
const shaOf = (one) => (typeof one === "string" ? one : one?.sha256 ?? "");

/** Visits that ended a fortnight ago leave the tablet; the server keeps them. */
async function tidy() {
  const waiting = new Set((await store.waitingOps()).map((op) => op.inspection));
  for (const visit of await store.visits()) {
    const over = visit.state !== "running" && Date.now() - Date.parse(visit.finished_at ?? visit.started_at) > KEPT_DAYS * DAY;
    if (over && !waiting.has(visit.id)) await store.dropVisit(visit.id);
  }
}
