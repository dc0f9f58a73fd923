// One spelling for a document, so that its fingerprint is the same everywhere (audit/domain/canonical.py):
// JSON, keys sorted by code point, no spaces, UTF-8, numbers as text.

/**
 * Below, at or above 0: texts by code point, lists entry by entry, numbers by size.
 * @param {any} one @param {any} other @returns {number}
 */
export function inOrder(one, other) {
  if (Array.isArray(one)) {
    for (let place = 0; place < Math.min(one.length, other.length); place++) {
      const found = inOrder(one[place], other[place]);
      if (found) return found;
    }
    return one.length - other.length;
  }
  if (typeof one === "number") return one - other;
  return inOrderOfText(one, other);
}

function inOrderOfText(one, other) {
  const [left, right] = [[...one], [...other]];
  for (let place = 0; place < Math.min(left.length, right.length); place++) {
    const found = left[place].codePointAt(0) - right[place].codePointAt(0);
    if (found) return found;
  }
  return left.length - right.length;
}

/**
 * @param {any} value text, whole numbers, true, false, null, lists and tables of them
 * @returns {string} its one spelling
 * @throws {TypeError} for anything without one
 */
export function canonicalText(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return spelled(value);
  if (Number.isSafeInteger(value)) return `"${value}"`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (Object.getPrototypeOf(Object(value)) !== Object.prototype) throw new TypeError("This has no canonical spelling.");
  const keys = Object.keys(value).sort(inOrderOfText);
  return `{${keys.map((key) => `${spelled(key)}:${canonicalText(value[key])}`).join(",")}}`;
}

function spelled(text) {
  if (/[\ud800-\udfff]/u.test(text)) throw new TypeError("Half a character has no canonical spelling.");
  return JSON.stringify(text);
}

/** @param {any} value @returns {Uint8Array<ArrayBuffer>} the canonical bytes */
export function canonical(value) {
  return new TextEncoder().encode(canonicalText(value));
}

/** @param {any} value @returns {Promise<string>} lower-case hex SHA-256 of the canonical bytes */
export async function sha256(value) {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", canonical(value)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
