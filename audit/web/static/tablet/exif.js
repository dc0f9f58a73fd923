/** When and where a camera says a JPEG was taken. Claims: read before the photo is made smaller, never believed blindly.
 *
 *  claimsOf(bytes) -> {taken_at?: "2026-11-21T10:02:03" | with "+01:00", latitude?: "36.7468200", longitude?: "…"}
 *  Numbers are text, as everywhere on the wire. What cannot be read is left out; nothing here throws.
 */

const TIFF = { dateTime: 0x9003, offset: 0x9011, exif: 0x8769, gps: 0x8825 };
const SIZES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8];

/** @param {ArrayBuffer} bytes @returns {Record<string, string>} */
export function claimsOf(bytes) {
  try {
    const view = new DataView(bytes);
    const start = exifStart(view);
    return start ? claims(new Tiff(view, start)) : {};
  } catch (fault) {
    if (fault instanceof RangeError) return {}; // a table that points outside the file
    throw fault;
  }
}

/** @param {DataView} view @returns {number} where the TIFF header begins, or 0 */
function exifStart(view) {
  if (view.getUint16(0) !== 0xffd8) return 0;
  let place = 2;
  while (place < view.byteLength - 10) {
    const marker = view.getUint16(place);
    if (marker < 0xff00 || marker === 0xffda) return 0;
    if (marker === 0xffe1 && view.getUint32(place + 4) === 0x45786966) return place + 10;
    place += 2 + view.getUint16(place + 2);
  }
  return 0;
}

class Tiff {
  /** @param {DataView} view @param {number} start */
  constructor(view, start) {
    this.view = view;
    this.start = start;
    this.little = view.getUint16(start) === 0x4949;
  }

  /** The entries of one table, each with where its values lie. @param {number} offset */
  table(offset) {
    const { view, start, little } = this;
    /** @type {Map<number, {type: number, count: number, at: number}>} */
    const found = new Map();
    const number = view.getUint16(start + offset, little);
    for (let index = 0; index < number; index++) {
      const row = start + offset + 2 + 12 * index;
      const type = view.getUint16(row + 2, little);
      const count = view.getUint32(row + 4, little);
      const small = (SIZES[type] ?? 0) * count <= 4;
      found.set(view.getUint16(row, little), { type, count, at: small ? row + 8 : start + view.getUint32(row + 8, little) });
    }
    return found;
  }

  /** @param {{count: number, at: number} | undefined} entry */
  text(entry) {
    if (!entry || entry.count > 64) return "";
    const letters = Array.from({ length: entry.count }, (_, index) => this.view.getUint8(entry.at + index));
    return String.fromCharCode(...letters.filter((code) => code >= 32 && code < 127)).trim();
  }

  /** @param {{at: number} | undefined} entry */
  offset(entry) {
    return entry ? this.view.getUint32(entry.at, this.little) : 0;
  }

  /** Degrees, minutes and seconds as one number. @param {{count: number, at: number} | undefined} entry */
  degrees(entry) {
    if (!entry || entry.count !== 3) return NaN;
    return [0, 1, 2].reduce((sum, index) => {
      const at = entry.at + 8 * index;
      const part = this.view.getUint32(at, this.little) / this.view.getUint32(at + 4, this.little);
      return sum + part / 60 ** index;
    }, 0);
  }
}

/** @param {Tiff} tiff @returns {Record<string, string>} */
function claims(tiff) {
  const first = tiff.table(tiff.view.getUint32(tiff.start + 4, tiff.little));
  const exif = tiff.table(tiff.offset(first.get(TIFF.exif)) || 8);
  /** @type {Record<string, string>} */
  const found = {};
  const taken = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(tiff.text(exif.get(TIFF.dateTime)));
  if (taken) {
    const zone = /^[+-]\d\d:\d\d$/.exec(tiff.text(exif.get(TIFF.offset)));
    found.taken_at = `${taken[1]}-${taken[2]}-${taken[3]}T${taken[4]}${zone ? zone[0] : ""}`;
  }
  if (!first.has(TIFF.gps)) return found;
  const gps = tiff.table(tiff.offset(first.get(TIFF.gps)));
  const latitude = tiff.degrees(gps.get(2)) * (tiff.text(gps.get(1)) === "S" ? -1 : 1);
  const longitude = tiff.degrees(gps.get(4)) * (tiff.text(gps.get(3)) === "W" ? -1 : 1);
  if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
    found.latitude = latitude.toFixed(7);
    found.longitude = longitude.toFixed(7);
  }
  return found;
}
