/** The state of the outbox, in words, for this tab and for the others; see outbox.js for what `status` tells. */

import { say, several } from "./engine/tongue.js";
import * as store from "./store.js";

export const channel = globalThis.BroadcastChannel ? new BroadcastChannel("clinic-audit") : undefined;

class Status extends EventTarget {
  now = { phase: "idle", waiting: 0, photos: 0, attention: 0, others: 0, words: "", short: "" };
}
export const status = new Status();

/** What the last try to send came to; whether the last act found no room, which no sending makes good; this page's build. */
export const link = { reached: "idle", unsaved: false, build: "" };

/** @param {string} name @param {any} detail */
export const tell = (name, detail, elsewhere = true) => {
  status.dispatchEvent(new CustomEvent(name, { detail }));
  if (elsewhere) channel?.postMessage({ name, detail });
};

/** The day on which the server last called this build its own, and the build: old enough, and the server says so.
 *  Before it did, no day: the tablet's own clock may be years off. */
export async function version() {
  return `${(await store.note(`fresh:${link.build}`)) ?? "unknown"}.${link.build}`;
}

/** Count anew and tell everybody. */
export async function update() {
  let counted;
  try {
    counted = await store.counts();
  } catch {
    counted = { ...status.now };
    link.reached = "storage-failed";
  }
  const phase = phaseOf(counted);
  const now = { ...counted, phase, words: wordsOf(phase, counted), short: shortWords(phase, counted) };
  if (JSON.stringify(now) === JSON.stringify(status.now)) return;
  status.now = now;
  tell("status", now, false);
}

/** @param {{waiting: number, photos: number, attention: number}} counted */
function phaseOf(counted) {
  const waits = counted.waiting + counted.photos > 0;
  if (link.unsaved) return "storage-failed";
  if (link.reached === "storage-failed" || link.reached === "too-old") return link.reached;
  if (link.reached === "signed-out") return "signed-out";
  if (link.reached === "offline") return "offline";
  if (waits) return "sending";
  return counted.attention ? "attention" : "idle";
}

/** @param {string} phase @param {{waiting: number, photos: number, attention: number}} counted */
function wordsOf(phase, { waiting, photos, attention }) {
  const number = waiting + photos;
  const wait = several("{number} item waits on this tablet", "{number} items wait on this tablet", number);
  switch (phase) {
    case "storage-failed": return say("Not saved: this tablet has no room. Make room, then try again.");
    case "too-old": return say("This app is too old for the server. Load it anew; {what}.", { what: wait });
    case "signed-out": return number ? say("{what}: sign in to send", { what: wait }) : say("Signed out");
    case "offline": {
      const why = navigator.onLine ? say("The server does not answer") : say("No network");
      return number ? `${wait}. ${why}` : why;
    }
    case "sending": return several("Sending {number} item", "Sending {number} items", number);
    case "attention": return several("{number} item needs attention", "{number} items need attention", attention);
    default: return say("All saved on the server");
  }
}

/** The same for a narrow place, never longer than a name. @param {string} phase @param {{waiting: number, photos: number, attention: number}} counted */
function shortWords(phase, { waiting, photos, attention }) {
  const number = waiting + photos;
  switch (phase) {
    case "storage-failed": return say("Not saved");
    case "too-old": return say("Too old");
    case "signed-out": return say("Signed out");
    case "offline": return number ? several("{number} waits", "{number} wait", number) : say("No network");
    case "sending": return say("Sending {number}", { number });
    case "attention": return say("{number} to look at", { number: attention });
    default: return say("All saved");
  }
}
