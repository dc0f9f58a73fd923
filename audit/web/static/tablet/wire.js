/** One question to the server, and what kind of answer came.
 *
 *  ask("POST", "/api/v1/…", {json}) -> Answer. Never throws for what a network may do.
 *
 *  Only an answer that is recognisably ours counts. A 200 with a page in it is a hotel's sign-in page, a 404 with one
 *  is a proxy: both mean there is no network, so nothing is ever taken off the tablet because of them.
 *
 *  @typedef {object} Answer
 *  @property {"ok"|"offline"|"busy"|"signed-out"|"too-old"|"refused"} kind
 *  @property {number} status     0 when nothing came
 *  @property {any} body          the JSON of the answer, or null
 *  @property {string} text       that JSON as it came, for whoever keeps it
 *  @property {string} words      the server's sentence, where it said one
 *  @property {number} after      seconds that the server asks to wait, else 0
 */

import { breath } from "./dom.js";

const SECONDS = 1000;
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504, 507]);

/**
 * @param {string} method @param {string} address
 * @param {{json?: unknown, bytes?: ArrayBuffer, type?: string, headers?: Record<string, string>, seconds?: number}} [what]
 * @returns {Promise<Answer>}
 */
export async function ask(method, address, { json, bytes, type, headers = {}, seconds = 30 } = {}) {
  /** @type {Record<string, string>} */
  const head = { "X-Clinic-Audit": "1", Accept: "application/json", ...headers };
  if (json !== undefined) head["Content-Type"] = "application/json";
  if (bytes) head["Content-Type"] = type || "application/octet-stream";
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), seconds * SECONDS);
  try {
    const answer = await fetch(address, {
      method,
      headers: head,
      body: bytes ?? (json === undefined ? undefined : JSON.stringify(json)),
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: stop.signal,
    });
    return await read(answer, method);
  } catch {
    return { kind: "offline", status: 0, body: null, text: "", words: "", after: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Response} answer @param {string} method @returns {Promise<Answer>} */
async function read(answer, method) {
  const ours = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  let body = null, text = "";
  if (ours && method !== "HEAD") {
    try {
      text = await answer.text();
      await breath(); // a checklist is long: taps are heard between taking it in and reading it
      body = JSON.parse(text);
    } catch { body = null; }
  }
  const words = typeof body?.error?.words === "string" ? body.error.words : "";
  const after = Math.max(0, Number(answer.headers.get("Retry-After")) || 0);
  return { kind: kindOf(answer.status, ours, body, method), status: answer.status, body, text, words, after };
}

/** @param {number} status @param {boolean} ours @param {any} body @param {string} method @returns {Answer["kind"]} */
function kindOf(status, ours, body, method) {
  if (method === "HEAD") return ours && status < 300 ? "ok" : ours && status === 401 ? "signed-out" : "offline";
  if (!ours || body === null || typeof body !== "object") return BUSY.has(status) ? "busy" : "offline";
  if (status < 300) return "ok";
  if (status === 401) return "signed-out";
  if (status === 426) return "too-old";
  if (BUSY.has(status) || status >= 500) return "busy";
  return body.error ? "refused" : "offline";
}
