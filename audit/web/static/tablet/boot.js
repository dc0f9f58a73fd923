/** Starts what every page of a signed-in person needs: the worker, the outbox, its state in the header.
 *
 *  import { ready } from "./boot.js";
 *  const { works, person } = await ready;   works: false over plain http and where there is no storage; then the page
 *                                           goes on as ordinary forms. person: {id, name} | null
 */

import { idle } from "./dom.js";
import { say, several } from "./engine/tongue.js";
import * as kit from "./kit.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { dirty, register } from "./worker.js";

const CALM = 800; // milliseconds before "sending" is worth a word
const PATIENCE = 3000; // milliseconds that the words of a language may take to come

const place = document.getElementById("outbox");

/** @type {Promise<{works: boolean, person: {id: string, name: string} | null}>} */
export const ready = place ? begin(place) : Promise.resolve({ works: false, person: null });

/** @param {HTMLElement} line */
async function begin(line) {
  if (!isSecureContext || !globalThis.indexedDB) {
    plain(line, say("This address is not encrypted, so nothing can be kept on this tablet. Save each page before you go on."));
    return { works: false, person: null };
  }
  const { id, name } = line.dataset;
  let person, spoken = true;
  try {
    person = id ? { id, name: name ?? "" } : await store.recallPerson();
    if (id) await store.setPerson(person);
    spoken = await kit.recallWords().catch(() => true);
  } catch {
    plain(line, say("This browser keeps nothing, so answers are saved page by page."));
    return { works: false, person: null };
  }
  watchForms();
  guardSignOut();
  register({ off: line.dataset.worker === "off", offer: (go) => offer(line, go) });
  if (person) {
    const started = outbox.start(line.dataset.build);
    if (spoken) started.then(idle).then(() => kit.bring()).catch((fault) => console.error(fault));
    else {
      // Work waits a while for the words; the header says nothing until they are here, or will not come.
      const come = words();
      come.then(() => header(line));
      await Promise.race([come, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    }
    askToKeep();
  } else await outbox.update();
  if (spoken) header(line);
  return { works: true, person };
}

/** The first page in a language: fulfilled when its words are here, or will not come now. @returns {Promise<void>} */
const words = () => new Promise((resolve) => {
  kit.bring(true, () => resolve()).catch((fault) => console.error(fault)).then(() => { resolve(); outbox.update(); });
});

/** @param {HTMLElement} line @param {string} words */
function plain(line, words) {
  line.textContent = words;
  line.dataset.phase = "plain";
}

/** @param {HTMLElement} line */
function header(line) {
  const link = document.createElement("a"), seen = document.createElement("span"), heard = document.createElement("span");
  link.href = "/tablet/outbox";
  seen.setAttribute("aria-hidden", "true");
  heard.className = "vh";
  link.append(seen, heard);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  const draw = () => {
    const { phase, short, words, others } = outbox.status.now;
    clearTimeout(later);
    const show = () => {
      line.dataset.phase = phase;
      const more = others ? ` ${several("{number} of somebody else", "{number} of somebody else", others)}` : "";
      if (heard.textContent !== words + more) {
        heard.textContent = link.title = words + more;
        seen.textContent = short;
      }
      if (!link.isConnected) line.append(link);
      // From now on a change is spoken; what is there when the page opens is not.
      line.setAttribute("role", "status");
    };
    // An answer that is sent at once is no news: the words would only flicker.
    if (phase === "sending" && line.dataset.phase) later = setTimeout(show, CALM);
    else show();
  };
  outbox.status.addEventListener("status", draw);
  outbox.update().then(draw);
}

/** @param {HTMLElement} line @param {() => boolean} go */
function offer(line, go) {
  let bar = document.getElementById("new-version");
  if (!bar) {
    bar = document.createElement("div");
    bar.id = "new-version";
    bar.className = "note row spread";
    line.closest("header")?.after(bar);
  }
  const words = document.createElement("span");
  const { waiting, photos } = outbox.status.now;
  const number = waiting + photos;
  const kept = number ? several("{number} item is unsent and stays.", "{number} items are unsent and stay.", number) : "";
  words.textContent = `${say("There is a new version.")} ${kept}`.trim();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.textContent = say("Start it");
  button.addEventListener("click", () => {
    if (!go()) words.textContent = say("Something on this page is not saved yet. Save it, then start the new version.");
  });
  bar.replaceChildren(words, button);
}

/** Words in a form that the outbox does not take care of (data-kept says it does) are lost when the page goes. */
function watchForms() {
  document.addEventListener("input", (event) => {
    const form = /** @type {Element} */ (event.target).closest("form");
    if (form && form.method === "post" && !("kept" in form.dataset)) dirty.add(form);
  });
  document.addEventListener("submit", (event) => dirty.delete(event.target));
}

/** Nobody signs out over unsent work: it would be closed to everybody else. */
function guardSignOut() {
  document.addEventListener("submit", async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (new URL(form.action, location.href).pathname !== "/sign-out" || form.dataset.may) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await store.forget().catch(() => false)) {
      form.dataset.may = "yes";
      form.requestSubmit();
    } else location.href = "/tablet/outbox?leaving";
  }, { capture: true });
}

/** Ask the browser not to throw our storage away; its answer is shown where it matters. */
async function askToKeep() {
  if (!navigator.storage?.persist || (await navigator.storage.persisted())) return;
  await navigator.storage.persist();
}
