/** Photos: made smaller on this tablet, named by their content, kept whole until the server has named them.
 *
 *  take(file, visit, {item, person, caption?, marks?}) -> Promise<{sha256, op_id}>
 *      Fulfilled once bytes, thumbnail and the operation that links them are on the disk, all in one.
 *      Throws an Error with a sentence when the file is no photo or too large.
 *  takeAll(files, visit, key, each?)  several, one after the other; each(result | Error, file)
 *  thumbAddress(sha256) -> Promise<string>   for <img src>: from this tablet, else from the server
 *  fullAddress(sha256)  -> Promise<string>   the same for the whole photo
 *
 *  Marks (arrows, circles) are data in the link, drawn over the photo, never into its bytes.
 */

import { say } from "./engine/tongue.js";
import { claimsOf } from "./exif.js";
import { giveAll } from "./giving.js";
import { hash } from "./hash.js";
import * as store from "./store.js";

const LONGEST_SIDE = 2000;
const THUMB_SIDE = 240;
const QUALITY = 0.8;
const MOST_BYTES = 8 * 1024 * 1024;
const TYPES = new Set(["image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"]);

/**
 * @param {Blob & {name?: string, lastModified?: number}} file @param {string} visit
 * @param {{item: string, person?: string | null, caption?: string, marks?: any[]}} key
 */
export async function take(file, visit, { item, person = null, caption = "", marks = [] }) {
  const original = await file.arrayBuffer();
  const claims = claimsOf(original);
  const { bytes, type, thumb } = await reduced(file, original);
  const sha256 = await hash(bytes);
  const author = store.person()?.id;
  const size = bytes.byteLength;
  const before = await store.photo(sha256);
  const sent = before?.sent === true;
  const [given] = await giveAll(
    visit,
    [{ kind: "photo-link", item, person, value: { sha256, caption, marks }, photo: sha256 }],
    {
      names: ["photos", "thumbs"],
      write(shelf) {
        // The same content twice is one photo with two links; what the server has is not sent again.
        if (!sent) {
          shelf("photos").put({ author, sha256, bytes, type, size, claims, inspection: visit, waiting: 1, sent: false });
        }
        if (thumb) shelf("thumbs").put({ author, sha256, bytes: thumb, type: "image/jpeg" });
      },
    },
  );
  return { sha256, op_id: given.op_id };
}

/**
 * @param {Iterable<File>} files @param {string} visit @param {any} key
 * @param {(result: {sha256: string} | Error, file: File) => void} [each]
 */
export async function takeAll(files, visit, key, each = () => {}) {
  for (const file of files) {
    try {
      each(await take(file, visit, key), file);
    } catch (fault) {
      each(fault instanceof Error ? fault : new Error(String(fault)), file);
    }
  }
}

/** @param {Blob} file @param {ArrayBuffer} original */
async function reduced(file, original) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    // This browser cannot draw it (HEIC outside Safari): the server looks at it instead.
    if (!TYPES.has(file.type)) throw new Error(say("This is not a photo. Choose a JPEG, PNG, WebP or HEIC file."));
    if (original.byteLength > MOST_BYTES) throw new Error(say("This photo is larger than 8 MB. Choose a smaller one."));
    return { bytes: original, type: file.type, thumb: undefined };
  }
  try {
    const bytes = await drawn(picture, LONGEST_SIDE, QUALITY);
    const thumb = await drawn(picture, THUMB_SIDE, 0.7);
    return { bytes, type: "image/jpeg", thumb };
  } finally {
    picture.close();
  }
}

/** @param {ImageBitmap} picture @param {number} side @param {number} quality @returns {Promise<ArrayBuffer>} */
async function drawn(picture, side, quality) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext("2d");
  if (!brush) throw new Error(say("This photo could not be made smaller. Try again."));
  brush.fillStyle = "#fff"; // a JPEG has no transparency
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.imageSmoothingQuality = "high";
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
  canvas.width = canvas.height = 0; // iPads give canvas memory back only when it is small
  if (!blob) throw new Error(say("This photo could not be made smaller. Try again."));
  return /** @type {Blob} */ (blob).arrayBuffer();
}

/** @type {Map<string, string>} */
const addresses = new Map();

/** @param {string} name @param {{bytes: ArrayBuffer, type: string}} row */
function address(name, row) {
  let found = addresses.get(name);
  if (!found) addresses.set(name, (found = URL.createObjectURL(new Blob([row.bytes], { type: row.type }))));
  return found;
}

/** @param {string} sha256 @returns {Promise<string>} */
export async function thumbAddress(sha256) {
  const row = await store.thumb(sha256);
  return row ? address(`thumb ${sha256}`, row) : `/photos/${sha256}/thumb`;
}

/** @param {string} sha256 @returns {Promise<string>} */
export async function fullAddress(sha256) {
  const row = await store.photo(sha256);
  if (row?.bytes) return address(sha256, row);
  return navigator.onLine ? `/photos/${sha256}/screen` : thumbAddress(sha256);
}
