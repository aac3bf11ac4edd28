// Visits without a network: today's list, the form and the last record of each client from the sealed store; what is recorded waits in a
// queue and is sent by itself when the network is back. The server decides; this island never loses what was typed.
import { word } from "./dom";
import { digest, cards as cardStore, hold, holder, keyOf, meta, open, ops as opStore, seal, uuid, wipe } from "./offline_store";
import { fill, read, wrong } from "./offline_form";
import type { Card, Draft } from "./offline_form";

interface Pack {
  secret: string;
  lease_until: number;
  last_seq: number;
  today: string;
  cards: Card[];
  colleagues: [string, string][];
}
interface Taken {
  account: string;
  name: string;
  csrf: string;
  pack: Pack | null;
}
interface Op {
  seq: number;
  id: string;
  made_at: number;
  seen: string;
  body: string;
  hash: string;
}
interface Ack {
  seq: number;
  hash: string;
  state: string;
  expect: number | null;
}
class Ended extends Error {}

const API = "/api/v1/offline";
/** Seconds between attempts to send. */
const RETRY = [5, 15, 60, 300];
/** A page that stands open asks this often whether its session lives. */
const PULSE = 60_000;

let key: CryptoKey | null = null;
let cards: Card[] = [];
let colleagues: [string, string][] = [];
let csrf = "";
let tries = 0;
let timer = 0;
let busy: Promise<void> | null = null;
let chosen: Card | null = null;
/** Clients recorded here and the visit each got, so that a second record knows of the first. */
const recorded = new Map<string, string>();

const one = <T extends HTMLElement>(name: string): T => document.querySelector<T>(`[data-offline-${name}]`) as T;
const put = (sentence: string, name: string, value: string | number): string => sentence.replace(`{${name}}`, String(value));

function say(sentence: string): void {
  const box = one("say");
  box.hidden = sentence === "";
  (box.firstElementChild ?? box).textContent = sentence;
}
async function count(): Promise<void> {
  const all = await opStore.all();
  const mine = all.filter((op) => op.device === holder()?.device).length;
  const badge = one("saved");
  badge.textContent = all.length > 0 ? put(word("saved"), "n", all.length) : word("sent");
  badge.classList.toggle("waits", all.length > 0);
  if (!key && all.length > 0) say(put(word("sealed"), "n", all.length));
  else if (key && all.length > mine) say(put(word("other"), "n", all.length - mine));
}
function net(on: boolean): void {
  one("net").textContent = word(on ? "on" : "off");
}

async function ask(path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${API}${path}`, {
    method: body === undefined ? "GET" : "POST",
    cache: "no-store",
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json", "x-csrf": csrf } }),
  });
  net(true);
  if (answer.status === 401 || answer.status === 410 || answer.headers.get("wushe-session") === "ended") throw new Ended();
  if (!answer.ok) throw new Error(`${path} ${answer.status}`);
  return answer.json();
}

/** The session ended, here or from afar: forget who was taken along. */
async function ended(): Promise<void> {
  await wipe();
  key = null;
  cards = [];
  csrf = "";
  recorded.clear();
  leave();
  show();
  say(word("signin"));
  one("signin").hidden = false;
  await count();
}

/** The device's number under an account; made once. */
async function deviceOf(account: string): Promise<string> {
  const name = `device ${account}`;
  const kept = await meta.get<string>(name);
  if (kept) return kept;
  const fresh = uuid();
  await meta.set(name, fresh);
  return fresh;
}

/** Takes a fresh pack along and keeps it sealed. */
async function refresh(): Promise<void> {
  const who = (await ask("/visits")) as Taken;
  csrf = who.csrf;
  const device = await deviceOf(who.account);
  const { pack } = (await ask(`/visits?device=${device}`)) as Taken;
  if (!pack) return;
  key = await keyOf(pack.secret, device);
  hold({ account: who.account, device, secret: pack.secret, lease: pack.lease_until });
  const used = (await meta.get<number>(`seq ${device}`)) ?? 0;
  await meta.set(`seq ${device}`, Math.max(used, pack.last_seq));
  cards = pack.cards;
  colleagues = pack.colleagues;
  const k = key;
  await cardStore.replace(await Promise.all([seal(k, "cards", { cards, colleagues })]));
  one("signin").hidden = true;
  const time = new Date(pack.lease_until).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  say(put(put(word("taken"), "n", cards.length), "time", time));
}

/** Sends what waits, in order; what is acknowledged under its own hash is dropped here. */
async function send(): Promise<boolean> {
  const mine = holder();
  const k = key;
  if (!mine || !k) return false;
  const kept = (await opStore.all()).filter((op) => op.device === mine.device).sort((a, b) => a.seq - b.seq);
  const queue: Op[] = [];
  for (const op of kept) {
    const opened = await open<Op>(k, `op ${op.seq}`, op);
    if (opened) queue.push(opened);
  }
  if (queue.length === 0) return false;
  const acks = (await ask("/visits", { device: mine.device, ops: queue.slice(0, 100) })) as Ack[];
  const taken: number[] = [];
  let waits = 0;
  for (const ack of acks) {
    const op = queue.find((o) => o.seq === ack.seq && o.hash === ack.hash);
    if (!op || !/^(done|conflict|held)$/.test(ack.state)) continue;
    taken.push(ack.seq);
    if (ack.state !== "done") waits++;
  }
  await opStore.drop(mine.device, taken);
  const off = acks.find((ack) => ack.state === "gap" || ack.state === "clash");
  if (off?.expect) await renumber(k, mine.device, queue.filter((op) => !taken.includes(op.seq)), off.expect);
  if (waits > 0) {
    one("waits").hidden = false;
    say(put(word("waits"), "n", waits));
  }
  return taken.length > 0;
}

/** The server knows other numbers (it was restored, or this store was copied): what waits is numbered anew, in its order. */
async function renumber(k: CryptoKey, device: string, queue: Op[], from: number): Promise<void> {
  await opStore.drop(device, queue.map((op) => op.seq));
  let seq = from;
  for (const op of queue) {
    await keep(k, device, { ...op, seq });
    seq++;
  }
  await meta.set(`seq ${device}`, seq - 1);
}
async function keep(k: CryptoKey, device: string, op: Op): Promise<void> {
  const hash = await digest(`${op.id}\n${op.seq}\n${op.body}`);
  await opStore.put(device, op.seq, await seal(k, `op ${op.seq}`, { ...op, hash }));
}

/** Records of an account that is closed are handed over unread; those of a live one stay for its owner. */
async function handOver(): Promise<void> {
  const mine = holder()?.device;
  const others = new Map<string, { seq: number; iv: string; data: string }[]>();
  for (const op of await opStore.all()) {
    if (op.device === mine) continue;
    others.set(op.device, [...(others.get(op.device) ?? []), { seq: op.seq, iv: op.iv, data: op.data }]);
  }
  for (const [device, parcels] of others) {
    try {
      const acks = (await ask("/parcels", { device, parcels })) as Ack[];
      await opStore.drop(device, acks.filter((ack) => ack.state === "held").map((ack) => ack.seq));
    } catch (why) {
      if (why instanceof Ended) throw why;
    }
  }
}

/** Renews the pack, sends what waits; on failure tries again later. One at a time. */
function sync(): Promise<void> {
  busy ??= turn().finally(() => (busy = null));
  return busy;
}
async function turn(): Promise<void> {
  clearTimeout(timer);
  try {
    await refresh();
    if (await send()) await refresh();
    await handOver();
    tries = 0;
  } catch (why) {
    if (why instanceof Ended) return ended();
    net(navigator.onLine && !(why instanceof TypeError));
    if (!key) await unseal();
    if ((await opStore.all()).length > 0) later();
  }
  show();
  await count();
}
function later(): void {
  const seconds = RETRY[Math.min(tries, RETRY.length - 1)] ?? 300;
  tries++;
  timer = window.setTimeout(() => void sync(), seconds * 1000);
}

/** Without a network: what lies here, if this tab still holds the key and the lease runs. */
async function unseal(): Promise<void> {
  const mine = holder();
  if (!mine) return say(word("signin"));
  if (Date.now() > mine.lease) {
    await wipe();
    return say(word("lease"));
  }
  key = await keyOf(mine.secret, mine.device);
  const [kept] = await cardStore.all();
  const opened = kept ? await open<{ cards: Card[]; colleagues: [string, string][] }>(key, "cards", kept) : null;
  cards = opened?.cards ?? [];
  colleagues = opened?.colleagues ?? [];
  for (const op of await opStore.all()) {
    const said = op.device === mine.device ? await open<Op>(key, `op ${op.seq}`, op) : null;
    if (said) recorded.set((JSON.parse(said.body) as Draft).client, said.id);
  }
  const time = new Date(mine.lease).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  say(put(put(word("taken"), "n", cards.length), "time", time));
}

function show(): void {
  const list = one("cards");
  const shape = document.querySelector<HTMLTemplateElement>("#offline-card");
  list.replaceChildren();
  for (const card of cards) {
    const line = shape?.content.cloneNode(true) as DocumentFragment;
    const part = (name: string): HTMLElement => line.querySelector(`[data-${name}]`) as HTMLElement;
    part("name").textContent = card.name;
    grade(part("grade"), card.grade);
    part("place").textContent = card.place;
    part("last").textContent = card.last ? put(word("last"), "day", card.last.day) : word("never");
    const due = part("due");
    if (card.late > 0) {
      due.textContent = put(word("late"), "n", card.late);
      due.className = "badge bg-red-lt";
    } else {
      due.textContent = card.late === 0 ? word("today") : put(word("due"), "day", card.due);
      due.className = card.late === 0 ? "badge bg-yellow-lt" : "text-secondary small";
    }
    part("done").hidden = !recorded.has(card.client);
    part("go").addEventListener("click", () => enter(card));
    list.append(line);
  }
  list.hidden = cards.length === 0;
  one("empty").hidden = cards.length > 0 || !key;
}
function grade(badge: HTMLElement, name: string): void {
  badge.textContent = document.querySelector(`[data-grade-word="${name}"]`)?.textContent ?? name;
  const colour = { critical: "red", high: "yellow", medium: "blue", low: "green" }[name] ?? "secondary";
  badge.className = `badge bg-${colour}-lt`;
}

function form(): HTMLFormElement {
  return one("record").querySelector("form") as HTMLFormElement;
}
function enter(card: Card): void {
  chosen = card;
  fill(form(), card, colleagues);
  grade(form().querySelector("[data-card-grade]") as HTMLElement, card.grade);
  one("list").hidden = true;
  one("record").hidden = false;
  scrollTo(0, 0);
}
function leave(): void {
  chosen = null;
  one("list").hidden = false;
  one("record").hidden = true;
}

/** Keeps the record sealed; only then the form closes. */
async function record(): Promise<void> {
  const mine = holder();
  if (!chosen || !key || !mine) return;
  const draft = read(form(), chosen.client);
  const error = one("error");
  error.textContent = wrong(draft);
  error.hidden = error.textContent === "";
  if (!error.hidden) return error.scrollIntoView({ block: "center" });
  const seq = ((await meta.get<number>(`seq ${mine.device}`)) ?? 0) + 1;
  const op: Op = { seq, id: uuid(), made_at: Date.now(), seen: recorded.get(chosen.client) ?? chosen.last?.id ?? "", body: JSON.stringify(draft), hash: "" };
  await keep(key, mine.device, op);
  await meta.set(`seq ${mine.device}`, seq);
  recorded.set(chosen.client, op.id);
  leave();
  show();
  say(word("recorded"));
  await count();
  tries = 0;
  if (navigator.onLine) void sync();
  else later();
}

function start(): void {
  if (!("indexedDB" in window) || !window.isSecureContext || !crypto.subtle) {
    say(word("unable"));
    return;
  }
  void navigator.serviceWorker?.register("/sw.js").catch(() => undefined);
  net(navigator.onLine);
  form().addEventListener("submit", (event) => {
    event.preventDefault();
    void record();
  });
  one("cancel").addEventListener("click", leave);
  addEventListener("online", () => void sync());
  addEventListener("offline", () => net(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void sync();
  });
  // A session that was ended elsewhere is noticed even when nobody touches the phone.
  setInterval(() => {
    if (navigator.onLine && key) void ask("/visits").catch((why: unknown) => (why instanceof Ended ? ended() : undefined));
  }, PULSE);
  void sync();
}
document.addEventListener("DOMContentLoaded", start);
