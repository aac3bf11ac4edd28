// The service worker: keeps the shell of the offline page (which names nobody), its style, script and icons. No page with content is
// ever kept: everything else goes to the network, and an address that cannot be reached is answered with the shell.

const SHELL = "/offline";
const STORE = "wushe-shell";
/** A network that answers slower than this is no network in a basement. */
const PATIENCE = 4000;

interface Waiting extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Asked extends Waiting {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(name: "install" | "activate", f: (event: Waiting) => void): void;
  addEventListener(name: "fetch", f: (event: Asked) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  location: Location;
}
const worker = self as unknown as Worker;

/** Keeps the shell anew, with whatever it names; what it names no more is dropped. */
async function keep(): Promise<void> {
  const answer = await fetch(SHELL, { cache: "no-store" });
  if (!answer.ok || answer.redirected) return;
  const text = await answer.clone().text();
  const named = [...new Set(text.match(/\/assets\/[A-Za-z0-9._-]+/g) ?? [])];
  const store = await caches.open(STORE);
  const kept = await store.keys();
  const missing = named.filter((path) => !kept.some((request) => new URL(request.url).pathname === path));
  await store.addAll(missing);
  await store.put(SHELL, answer);
  for (const request of kept) {
    const path = new URL(request.url).pathname;
    if (path !== SHELL && !named.includes(path)) await store.delete(request);
  }
}

async function shell(): Promise<Response> {
  return (await caches.match(SHELL)) ?? Response.error();
}

async function page(request: Request): Promise<Response> {
  const slow = new Promise<"slow">((done) => setTimeout(() => done("slow"), PATIENCE));
  const asked = fetch(request);
  if (new URL(request.url).pathname !== SHELL) return asked.catch(shell);
  try {
    const first = await Promise.race([asked, slow]);
    if (first !== "slow") {
      void keep().catch(() => undefined);
      return first;
    }
    return (await caches.match(SHELL)) ?? (await asked);
  } catch {
    return shell();
  }
}

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (url.pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  } else if (request.mode === "navigate") {
    event.respondWith(page(request));
  }
});
