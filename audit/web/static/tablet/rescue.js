/** The last way out: everything that the server has not named, in one file, with its own fingerprint.
 *
 *  rescueFile() -> Promise<{name, blob, items}>   what waits and what needs attention, photos included; nothing is removed
 *  bringBack(file) -> Promise<{operations, photos}>   puts such a file into this tablet's outbox again; whatever the
 *      server knows already it names "duplicate". Throws an Error with a sentence for any other file, and for the
 *      file of another person: their work stays theirs, an administrator can take such a file in.
 *
 *  The file: {format: "clinic-audit rescue", version: 1, made_at, device_id, author, author_name, app_version,
 *             operations: [{…as sent, inspection}], photos: [{sha256, type, size, inspection, claims, base64}], sha256}
 *  sha256 is over the canonical spelling of everything else.
 */

import { sha256 as fingerprint } from "./engine/canonical.js";
import { say } from "./engine/tongue.js";
import { wellFormed } from "./engine/values.js";
import { hash } from "./hash.js";
import { sendNow } from "./sending.js";
import { update, version } from "./state.js";
import * as store from "./store.js";

const FORMAT = "clinic-audit rescue";
const PIECE = 0x8000;

/** @returns {Promise<{name: string, blob: Blob, items: number}>} */
export async function rescueFile() {
  const who = store.person();
  const ops = await store.waitingOps();
  const faults = await store.attention();
  const photos = (await store.allPhotos()).filter((one) => one.bytes);
  const operations = [...ops, ...faults.map((one) => one.op)]
    .sort((one, other) => one.device_seq - other.device_seq)
    .map(({ photo: _photo, person, ...op }) => ({ ...op, person: person || null }));
  const made_at = new Date().toISOString();
  const content = whole({
    format: FORMAT, version: 1, made_at, device_id: await store.device(), author: who?.id ?? "",
    author_name: who?.name ?? "", app_version: await version(), operations,
    photos: photos.map(({ sha256, type, size, inspection, claims, bytes }) =>
      ({ sha256, type, size, inspection, claims: claims ?? {}, base64: toBase64(bytes) })),
  });
  const text = JSON.stringify({ ...content, sha256: await fingerprint(content) });
  await markExported(faults.map((one) => one.op_id), made_at);
  const name = `clinic-audit-rescue-${made_at.slice(0, 16).replaceAll(":", "-")}.json`;
  return { name, blob: new Blob([text], { type: "application/json" }), items: operations.length + photos.length };
}

/** Half a character from an old operation must not keep a file from being written. @param {any} value @returns {any} */
function whole(value) {
  if (typeof value === "string") return wellFormed(value);
  if (Array.isArray(value)) return value.map(whole);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, one]) => [wellFormed(key), whole(one)]));
  return value;
}

/** @param {string[]} op_ids @param {string} at */
const markExported = (op_ids, at) =>
  store.transact(["attention", "meta"], "readwrite", async (shelf) => {
    for (const op_id of op_ids) {
      const found = await store.done(shelf("attention").get(op_id));
      if (found) shelf("attention").put({ ...found, exported: at });
    }
    const seq = (await store.done(shelf("meta").get("seq"))) ?? 0;
    shelf("meta").put({ at, seq }, "exported");
  });

/** Whether a rescue file holds everything that waits now. */
export async function isExported() {
  const last = await store.note("exported");
  const seq = (await store.note("seq")) ?? 0;
  return Boolean(last && last.seq >= seq);
}

/** @param {Blob} file @returns {Promise<{operations: number, photos: number}>} */
export async function bringBack(file) {
  const content = await readFile(file);
  const author = store.person()?.id;
  if (content.author !== author) {
    throw new Error(say("This file holds the work of {name}. They can bring it back, or an administrator takes it in.", { name: content.author_name }));
  }
  const photos = content.photos.map((/** @type {any} */ { base64, ...one }) => ({ ...one, bytes: fromBase64(base64) }));
  for (const one of photos) {
    if ((await hash(one.bytes)) !== one.sha256) throw new Error(say("This file is damaged. Nothing was brought back."));
  }
  const counted = await store.transact(["ops", "photos", "attention", "meta"], "readwrite", async (shelf) => {
    const waiting = await store.done(shelf("ops").index("author").getAll(author));
    const known = new Set([...waiting.map((op) => op.op_id), ...(await store.done(shelf("attention").getAllKeys()))]);
    let seq = (await store.done(shelf("meta").get("seq"))) ?? 0;
    const ops = content.operations.filter((/** @type {any} */ op) => !known.has(op.op_id));
    for (const op of ops) {
      seq += 1;
      const photo = op.kind === "photo-link" ? { photo: op.value.sha256 } : {};
      shelf("ops").add({ ...op, ...photo, person: op.person ?? "", device_seq: seq });
    }
    shelf("meta").put(seq, "seq");
    for (const one of photos) {
      const before = await store.done(shelf("photos").get([author, one.sha256]));
      if (!before?.sent) shelf("photos").put({ ...one, author, waiting: 1, sent: false });
    }
    return { operations: ops.length, photos: photos.length };
  });
  await update();
  sendNow();
  return counted;
}

/** @param {Blob} file @returns {Promise<any>} */
async function readFile(file) {
  let content;
  try {
    content = JSON.parse(await file.text());
  } catch {
    content = null;
  }
  const lists = Array.isArray(content?.operations) && Array.isArray(content?.photos);
  if (content?.format !== FORMAT || !lists) throw new Error(say("This is not a rescue file of clinic-audit."));
  const { sha256, ...rest } = content;
  if (await fingerprint(rest) !== sha256) throw new Error(say("This file is damaged. Nothing was brought back."));
  return content;
}

/** @param {ArrayBuffer} bytes */
function toBase64(bytes) {
  const all = new Uint8Array(bytes);
  let text = "";
  for (let at = 0; at < all.length; at += PIECE) text += String.fromCharCode(...all.subarray(at, at + PIECE));
  return btoa(text);
}

/** @param {string} text @returns {ArrayBuffer} */
function fromBase64(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return bytes.buffer;
}
