/** The page "What waits on this tablet": what, why, and every way to bring it to the server. */

import { ready } from "./boot.js";
import { say, several } from "./engine/tongue.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";

const MEGABYTE = 1_000_000;
const rescue = () => import("./rescue.js");

/** @param {string} id @returns {HTMLElement} */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const NAMES = {
  start: () => say("Start of the visit"),
  "set-up": () => say("Set-up of the visit"),
  remarks: () => say("Remarks"),
  answer: () => say("Answer"),
  resolve: () => say("Choice between two answers"),
  "photo-link": () => say("Photo"),
  "photo-unlink": () => say("Photo taken off"),
  caption: () => say("Caption of a photo"),
  signature: () => say("Signature"),
  "set-aside": () => say("Set aside"),
  "rest-in": () => say("Rest of a section marked IN"),
};

/** @param {any} op */
const nameOf = (op) => {
  const name = NAMES[/** @type {keyof typeof NAMES} */ (op.kind)]?.() ?? op.kind;
  return op.item ? `${name}: ${op.item}` : name;
};

/** @param {string} time */
const clock = (time) => new Date(time).toLocaleString(document.documentElement.lang || "en", { dateStyle: "medium", timeStyle: "short" });

/** @param {string} tag @param {string} [words] @param {string} [kind] */
function make(tag, words = "", kind = "") {
  const element = document.createElement(tag);
  if (kind) element.className = kind;
  element.textContent = words;
  return element;
}

/** @param {any} op @param {(Node | string)[]} more */
function row(op, ...more) {
  const line = make("li"), words = make("div", "", "line");
  words.append(make("span", nameOf(op), "t"), make("span", clock(op.client_time), "w"), ...more);
  line.append(words);
  return line;
}

/** @param {string} words @param {() => Promise<unknown>} act */
function button(words, act) {
  const element = /** @type {HTMLButtonElement} */ (make("button", words, "btn"));
  element.type = "button";
  element.addEventListener("click", async () => {
    element.disabled = true;
    try { await act(); } finally { element.disabled = false; }
    await draw();
  });
  return element;
}

async function draw() {
  const { words, others } = outbox.status.now;
  const signedIn = Boolean(store.person());
  const ops = signedIn ? await store.waitingOps() : [];
  const photos = signedIn ? await store.waitingPhotos() : [];
  const faults = signedIn ? await store.attention() : [];
  at("state").textContent = words;
  at("waiting").replaceChildren(...ops.map((op) => row(op)));
  at("waiting-part").hidden = !ops.length;
  at("photos").textContent = photos.length ? several("{number} photo still has to go.", "{number} photos still have to go.", photos.length) : "";
  at("attention").replaceChildren(...faults.map(faultRow));
  at("attention-part").hidden = !faults.length;
  at("again").hidden = faults.length < 2;
  at("others").textContent = others
    ? several(
      "{number} item of somebody else waits on this tablet. It stays closed until they sign in here.",
      "{number} items of somebody else wait on this tablet. They stay closed until they sign in here.", others)
    : "";
  at("rescue-part").hidden = !(ops.length + photos.length + faults.length);
  await leaving(ops.length + photos.length + faults.length);
}

/** @param {any} fault */
function faultRow(fault) {
  const reason = make("p", fault.words || say("The server did not take this."));
  const acts = make("p", "", "row");
  acts.append(button(say("Try again"), () => outbox.retry(fault.op_id)));
  if (fault.exported) acts.append(button(say("Take off this list"), () => outbox.setAside(fault.op_id)));
  return row(fault.op, reason, acts);
}

/** Somebody wants to sign out. @param {number} number of things that are here only */
async function leaving(number) {
  if (!new URLSearchParams(location.search).has("leaving")) return;
  at("leaving").hidden = false;
  at("leaving-why").textContent = number
    ? several(
      "{number} item is not on the server yet. Send it, or save a rescue file, then sign out.",
      "{number} items are not on the server yet. Send them, or save a rescue file, then sign out.", number)
    : say("Everything is on the server. You can sign out.");
  const form = document.querySelector('form[action="/sign-out"]');
  const out = at("leave");
  out.hidden = !form || (number > 0 && !(await (await rescue()).isExported()));
  out.onclick = () => {
    const leave = /** @type {HTMLFormElement} */ (form);
    leave.dataset.may = "yes"; // what waits stays here, closed to everybody else, and is in the file
    leave.requestSubmit();
  };
}

async function save() {
  const { name, blob } = await (await rescue()).rescueFile();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {Event} event */
async function choose(event) {
  const input = /** @type {HTMLInputElement} */ (event.target);
  const [file] = input.files ?? [];
  if (!file) return;
  try {
    const { operations } = await (await rescue()).bringBack(file);
    at("brought").textContent = several("{number} item was brought back.", "{number} items were brought back.", operations);
  } catch (fault) {
    at("brought").textContent = /** @type {Error} */ (fault).message;
  }
  input.value = "";
  await draw();
}

/** What the browser promises about our storage, in words. */
async function room() {
  const kept = await navigator.storage?.persisted?.();
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  at("room").textContent = say("{used} MB used, {free} MB free.", {
    used: (usage / MEGABYTE).toFixed(1), free: Math.round((quota - usage) / MEGABYTE),
  });
  at("promise").textContent = kept
    ? say("The browser has promised to keep what is on this tablet.")
    : say("The browser has not promised to keep what is on this tablet: when room is short it may remove it. Send as soon as there is a network.");
  at("seven-days").hidden = Boolean(kept) || !isSafari();
}

/** Safari on a Mac, and every browser on an iPad or iPhone. */
function isSafari() {
  const { userAgent, maxTouchPoints } = navigator;
  const apple = /iPad|iPhone/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  return apple || (/Safari\//.test(userAgent) && !/Chrome|Chromium|Edg|Android/.test(userAgent));
}

const { works } = await ready;
at("works").hidden = !works;
at("works-not").hidden = works;
if (works) {
  at("send").addEventListener("click", async () => { await outbox.sendNow(); await draw(); });
  at("again").addEventListener("click", async () => {
    await outbox.retry(...(await store.attention()).map((fault) => fault.op_id));
    await draw();
  });
  at("save").addEventListener("click", async () => { await save(); await draw(); });
  at("choose").addEventListener("change", choose);
  outbox.status.addEventListener("status", draw);
  outbox.status.addEventListener("changed", draw);
  await draw();
  await room();
}
