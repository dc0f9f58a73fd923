/** Stands in for the pages of a visit while there is no network, under the same addresses. */

import { ready } from "./boot.js";
import { say } from "./engine/tongue.js";
import { Visit } from "./visit.js";

const UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

/** @typedef {(visit: Visit, main: HTMLElement) => void | Promise<void>} View */

/** What draws a page comes when the page is opened. @type {Record<string, () => Promise<View>>} */
const LIVE = {
  "": async () => {
    const [{ hub }, { read }] = await Promise.all([import("./hub.js"), import("./result.js")]);
    return (visit, main) => (visit.running ? hub(visit, main) : read(visit, main));
  },
  check: async () => (await import("./check.js")).check,
  result: async () => (await import("./result.js")).result,
  former: async () => (await import("./former.js")).former,
};
/** Drawn once: somebody types there. @type {Record<string, () => Promise<View>>} */
const ONCE = {
  sign: async () => (await import("./sign.js")).sign,
  seal: async () => (await import("./sign.js")).seal,
  "set-up": async () => (await import("./start.js")).setUp,
  "set-aside": async () => (await import("./ending.js")).setAside,
  "hand-over": async () => (await import("./result.js")).read,
};

/** @param {string} path @param {HTMLElement} main @returns {Promise<boolean>} whether this tablet can draw the page */
async function draw(path, main) {
  if (path === "/" || path === "/visits" || path.startsWith("/clinics")) return place(path, main);
  const [, id, rest = ""] = path.match(`^/visits/(${UUID})(?:/(.*))?$`) ?? [];
  const visit = id && await Visit.open(id);
  if (!visit) return false;
  const [kind, key] = rest.split("/");
  if (kind === "items") { location.replace(`/visits/${id}/sections/${sectionOf(visit, key)}`); return true; }
  if (!visit.running) { (await LIVE[""]())(visit, main); return true; }
  if (kind === "sections") return (await import("./drawn.js")).section(visit, key, main);
  const view = await (LIVE[rest] ?? ONCE[rest])?.();
  if (!view) return false;
  narrow(main, rest);
  await view(visit, main);
  if (rest in LIVE) visit.addEventListener("changed", () => view(visit, main));
  visit.watch();
  return true;
}

/** The pages around visits. @param {string} path @param {HTMLElement} main @returns {Promise<boolean>} */
async function place(path, main) {
  const places = await import("./places.js");
  if (path === "/clinics") return places.clinics(main).then(() => true);
  const [, id, start] = path.match(`^/clinics/(${UUID})(/start)?$`) ?? [];
  if (id) return start ? (await import("./start.js")).start(id, main) : places.clinic(id, main);
  return path.startsWith("/clinics") ? false : places.visits(main).then(() => true);
}

/** @param {HTMLElement} main @param {string} kind */
const narrow = (main, kind) => main.classList.toggle("narrow", ["check", "seal", "set-aside", "set-up"].includes(kind));

/** @param {Visit} visit @param {string} item */
const sectionOf = (visit, item) => visit.checklist.sections.find((/** @type {any} */ one) => one.items.some((/** @type {any} */ row) => row.key === item))?.key ?? "";

/** Draws a page of a visit in place of what the server drew before it knew all. @param {HTMLElement} main */
export async function begin(main) {
  const { works, person } = await ready;
  const sorry = document.getElementById("shell");
  if (!works || !person) { sorry?.classList.remove("late"); return; }
  const nav = /** @type {HTMLTemplateElement | null} */ (document.getElementById("t-nav"));
  if (nav && !document.querySelector(".top nav")) document.getElementById("outbox")?.before(nav.content.cloneNode(true));
  for (const one of document.querySelectorAll(".top nav a")) {
    if (location.pathname.startsWith(/** @type {string} */ (one.getAttribute("href")))) one.setAttribute("aria-current", "page");
  }
  if (!(await draw(location.pathname, main))) sorry?.classList.remove("late");
  main.dataset.drawn = "yes";
}

if (document.getElementById("shell")) await begin(/** @type {HTMLElement} */ (document.getElementById("main")));
