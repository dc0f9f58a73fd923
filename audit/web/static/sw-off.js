// The way out when a worker does harm: it takes itself and its files off the tablet. What waits there stays.

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-")).map((name) => caches.delete(name)));
  await self.registration.unregister();
}
