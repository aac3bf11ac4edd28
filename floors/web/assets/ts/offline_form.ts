// The form of a visit on a phone: filled from a client's card, read as the draft that the server knows.
import { word } from "./dom";

export interface Card {
  client: string;
  name: string;
  grade: string;
  place: string;
  address: string;
  phone: string;
  due: string;
  late: number;
  planned: string | null;
  every: number;
  last: { id: string; day: string; outcome: string; said: { state: string; help: string; note: string } } | null;
}
export interface Draft {
  client: string;
  day: string;
  time: string;
  minutes: string;
  way: string;
  outcome: string;
  normal: boolean;
  concerns: string[];
  helps: string[];
  note: string;
  needs: string[];
  need_words: string;
  next_on: string;
  workers: string[];
}

const two = (n: number): string => String(n).padStart(2, "0");
const dayOf = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const said = (kind: string, name: string): string => document.querySelector(`[data-${kind}-word="${name}"]`)?.textContent ?? name;

/** Everything usual is filled in: now, at home, met, thirty minutes, the next visit by the client's own frequency. */
export function fill(form: HTMLFormElement, card: Card, colleagues: [string, string][]): void {
  form.reset();
  const now = new Date();
  const next = new Date(now.getFullYear(), now.getMonth(), now.getDate() + card.every);
  set(form, "day", dayOf(now));
  set(form, "time", `${two(now.getHours())}:${two(now.getMinutes())}`);
  set(form, "next_on", dayOf(next));
  const part = (name: string): HTMLElement => form.querySelector(`[data-card-${name}]`) as HTMLElement;
  part("name").textContent = card.name;
  part("address").textContent = card.address;
  const phone = part("phone") as HTMLAnchorElement;
  phone.textContent = card.phone;
  phone.hidden = card.phone === "";
  phone.href = `tel:${card.phone}`;
  part("last").textContent = card.last ? lastOf(card.last) : word("never");
  const error = form.querySelector<HTMLElement>("[data-offline-error]");
  if (error) error.hidden = true;
  const more = form.querySelector<HTMLDetailsElement>("details");
  if (more) more.open = false;
  const box = form.querySelector("[data-offline-colleagues]");
  box?.replaceChildren();
  for (const [id, name] of colleagues) {
    const label = document.createElement("label");
    const tick = document.createElement("input");
    const text = document.createElement("span");
    tick.type = "checkbox";
    tick.name = "workers";
    tick.value = id;
    text.textContent = name;
    label.append(tick, text);
    box?.append(label);
  }
}
function lastOf(last: NonNullable<Card["last"]>): string {
  const state = last.said.state === "normal" ? word("normal") : last.said.state.split(",").filter(Boolean).map((a) => said("aspect", a)).join("、");
  return [word("last").replace("{day}", last.day), said("outcome", last.outcome), state, last.said.note].filter(Boolean).join(" · ");
}
function set(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}

export function read(form: HTMLFormElement, client: string): Draft {
  const data = new FormData(form);
  const text = (name: string): string => String(data.get(name) ?? "").trim();
  const list = (name: string): string[] => data.getAll(name).map(String);
  return {
    client,
    day: text("day"),
    time: text("time"),
    minutes: text("minutes"),
    way: text("way"),
    outcome: text("outcome"),
    normal: data.has("normal"),
    concerns: list("concerns"),
    helps: list("helps"),
    note: text("note"),
    needs: list("needs"),
    need_words: text("need_words"),
    next_on: text("next_on"),
    workers: list("workers"),
  };
}

/** What the server would refuse, said while the client is still at the door; empty when nothing is wrong. */
export function wrong(draft: Draft): string {
  const met = draft.outcome === "met";
  if (met && !draft.normal && draft.concerns.length === 0) return word("state");
  if (draft.normal && draft.concerns.length > 0) return word("both");
  if (draft.need_words !== "" && draft.needs.length === 0) return word("kind");
  const minutes = Number(draft.minutes);
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 480) return word("minutes");
  return "";
}
