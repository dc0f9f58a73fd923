// The worker of one build: it lets the app start without a network, and does nothing else. It touches only pages that
// are opened and our own static files. Answers, photos and whatever else is sent never pass through here.

const BUILD = "{build}";
const FILES = ["{files}"];
const SHELL = "/tablet";
const CACHE = `shell-${BUILD}`;
const PATIENCE = 4000; // milliseconds that a page of a visit may take before the one on the tablet is shown
const NO_SERVER = new Set([502, 503, 504]);

self.addEventListener("install", (event) => event.waitUntil(fill()));

// No skipWaiting here: a page asks for it, when nothing on it can be lost.
self.addEventListener("message", (event) => {
  if (event.data === "activate") self.skipWaiting();
  if (event.data === "build") event.source?.postMessage({ build: BUILD });
});

self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(kept(request));
  else if (request.mode === "navigate" && isPage(pathname)) event.respondWith(page(request, pathname));
});

/** All files or none; each must be what it should be, or an old worker goes on with its old files. */
async function fill() {
  const answers = await Promise.all(FILES.map(fetched));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(answers.map((answer, place) => cache.put(FILES[place], answer)));
  } catch (fault) {
    await caches.delete(CACHE);
    throw fault;
  }
}

async function fetched(address) {
  // Without cookies: what is kept for everybody who uses this tablet belongs to nobody.
  const answer = await fetch(new Request(address, { cache: "reload", credentials: "omit" }));
  const isHtml = (answer.headers.get("Content-Type") ?? "").startsWith("text/html");
  const ours = isHtml ? isPage(address) && (await answer.clone().text()).includes(BUILD) : !isPage(address);
  if (answer.status !== 200 || answer.redirected || !ours) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/** The build before this one stays: another tab may still work with it. */
async function tidy() {
  const names = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(names.slice(0, -1).map((name) => caches.delete(name)));
}

const isPage = (path) => !path.startsWith("/api/") && !path.startsWith("/static/") && !path.split("/").pop().includes(".");

async function kept(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

/** The server's page while there is a server; else the one that is kept here. */
async function page(request, path) {
  const late = path.startsWith("/visits") ? after(PATIENCE) : new Promise(() => {});
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (!NO_SERVER.has(answer.status)) return answer;
    return (await shell(path)) ?? answer;
  } catch (fault) {
    const found = await shell(path);
    if (!found) throw fault;
    return found;
  }
}

async function shell(path) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? cache.match(SHELL);
}

const after = (time) => new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), time));
