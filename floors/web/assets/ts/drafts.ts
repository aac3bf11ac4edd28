// Nothing typed is lost: a form with data-draft is kept on this computer while somebody types and on the server a few seconds later, under the
// account and the form's address, until it is accepted. Passwords, tokens and files are never kept. When another device kept a newer draft,
// both are shown side by side and the person chooses field by field. Signing out forgets this computer's copies; the server's stay for the
// next sign-in.
import { make, store, word } from "./dom";

type Values = [string, string][];
type Kept = { at: number; values: Values };
type Remote = Kept & { device: string; version: number };
const DAYS_KEPT = 3;
/** The server is asked this long after typing stopped. */
const PAUSE = 3000;

function prefix(): string {
  return `wushe.draft.${document.body.dataset["account"] ?? ""}.`;
}

function addressOf(form: HTMLFormElement): string {
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-draft]")];
  return `${location.pathname}${location.search}#${form.dataset["draft"] || forms.indexOf(form)}`;
}

function keyOf(form: HTMLFormElement): string {
  return prefix() + addressOf(form);
}

/** By which this browser knows its own drafts again. */
function device(): string {
  const known = store.get("wushe.device");
  if (known) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const made = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  store.set("wushe.device", made);
  return made;
}

const seen = new Map<string, number>();

async function call(method: string, address: string, body?: unknown, last = false): Promise<Response | null> {
  // Nobody is signed in (the sign-in page, a resident's page): this computer alone keeps.
  if (!document.body.dataset["account"]) return null;
  try {
    const headers: Record<string, string> = { "x-csrf": document.body.dataset["token"] ?? "" };
    if (body !== undefined) headers["content-type"] = "application/json";
    return await fetch(`/api/v1/drafts/${encodeURIComponent(address)}`, {
      method,
      headers,
      credentials: "same-origin",
      keepalive: last,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    // Without a network the copy on this computer does.
    return null;
  }
}

async function remote(address: string): Promise<Remote | null> {
  const answer = await call("GET", address);
  if (!answer?.ok) return null;
  return (await answer.json()) as Remote | null;
}

function read(form: HTMLFormElement): Values {
  const values: Values = [];
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && /^(password|hidden|file)$/.test(element.type)) continue;
    if (element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type) && !element.checked) continue;
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
      if (element.name) values.push([element.name, element.value]);
    }
  }
  return values;
}

function fill(form: HTMLFormElement, values: Values): void {
  const left = new Map<string, string[]>();
  for (const [name, value] of values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const element of form.elements) {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement)) continue;
    if (!element.name || /^(password|hidden|file|submit|button)$/.test(element.type)) continue;
    const of = left.get(element.name) ?? [];
    if (element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type)) element.checked = of.includes(element.value);
    else element.value = of.shift() ?? "";
  }
  // What a condition shows or a score computes looks again.
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function parse(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Kept | null;
    return kept && Array.isArray(kept.values) ? kept : null;
  } catch {
    return null;
  }
}

function same(a: Values, b: Values): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function forget(form: HTMLFormElement): void {
  store.drop(keyOf(form));
  void call("DELETE", addressOf(form));
}

function button(text: string, act: () => void, className = "btn btn-sm"): HTMLButtonElement {
  const made = make("button", className, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function offer(form: HTMLFormElement, kept: Kept): void {
  // It floats: it comes when the server has answered, and must not push away the field that somebody is about to tap.
  const banner = make("div", "draft-banner draft-offer");
  const when = new Date(kept.at).toLocaleString(document.documentElement.lang);
  const restore = button(word("keep"), () => {
    fill(form, kept.values);
    form.dataset["changed"] = "1";
    banner.remove();
  });
  const discard = button(word("drop"), () => {
    forget(form);
    banner.remove();
  });
  banner.setAttribute("role", "status");
  banner.append(make("span", "", `${word("restore")} ${when}`), restore, discard);
  form.prepend(banner);
}

/** The words of a field's label, for somebody who chooses between two texts. */
function labelOf(form: HTMLFormElement, name: string): string {
  const field = form.elements.namedItem(name);
  const element = field instanceof RadioNodeList ? field[0] : field;
  if (!(element instanceof HTMLElement)) return name;
  const legend = element.closest("fieldset")?.querySelector("legend")?.textContent;
  const label = form.querySelector(`label[for="${CSS.escape(element.id)}"]`)?.textContent;
  return ((element instanceof HTMLInputElement && /^(radio|checkbox)$/.test(element.type) ? legend : label) ?? legend ?? name).trim();
}

/** The value as the person sees it: an option's words instead of its code. */
function shown(form: HTMLFormElement, name: string, values: Values): string {
  const words = values
    .filter(([n]) => n === name)
    .map(([, value]) => {
      for (const element of form.elements) {
        if (element instanceof HTMLSelectElement && element.name === name) {
          return [...element.options].find((o) => o.value === value)?.text ?? value;
        }
        if (element instanceof HTMLInputElement && element.name === name && /^(radio|checkbox)$/.test(element.type) && element.value === value) {
          return element.closest("label")?.textContent?.trim() ?? value;
        }
      }
      return value;
    });
  return words.join("，") || "—";
}

/** Two drafts of one form: field by field, the newer text chosen beforehand, nothing dropped until the person says so. */
function compare(form: HTMLFormElement, mine: Values, other: Remote): void {
  form.querySelector(".draft-banner")?.remove();
  const names = [...new Set([...mine, ...other.values].map(([name]) => name))];
  const differing = names.filter((n) => shown(form, n, mine) !== shown(form, n, other.values));
  if (differing.length === 0) return;
  const box = make("div", "draft-banner draft-compare");
  box.setAttribute("role", "group");
  const when = new Date(other.at).toLocaleString(document.documentElement.lang);
  box.append(make("p", "mb-0", word("other").replace("{when}", when)));
  const table = make("table", "table stackable");
  const head = make("tr", "");
  for (const text of ["", word("here"), word("there")]) head.append(make("th", "", text));
  const thead = make("thead", "");
  thead.append(head);
  const body = make("tbody", "");
  for (const name of differing) {
    const row = make("tr", "");
    row.append(make("th", "", labelOf(form, name)));
    for (const [side, values] of [["mine", mine], ["other", other.values]] as const) {
      const cell = make("td", "");
      cell.dataset["label"] = side === "mine" ? word("here") : word("there");
      const choice = make("input", "");
      choice.type = "radio";
      choice.name = `draft-choice-${name}`;
      choice.value = side;
      // Not a field of the form that it stands in: it must not be sent or kept.
      choice.setAttribute("form", "draft-choices");
      choice.checked = side === (shown(form, name, other.values) === "—" ? "mine" : "other");
      const label = make("label", "form-check");
      label.append(choice, make("span", "pre", shown(form, name, values)));
      cell.append(label);
      row.append(cell);
    }
    body.append(row);
  }
  table.append(thead, body);
  const use = button(word("use"), () => {
    const chosen: Values = [];
    for (const name of names) {
      const input = box.querySelector<HTMLInputElement>(`input[name="${CSS.escape(`draft-choice-${name}`)}"]:checked`);
      const from = input?.value === "other" ? other.values : mine;
      chosen.push(...from.filter(([n]) => n === name));
    }
    seen.set(addressOf(form), other.version);
    fill(form, chosen);
    form.dataset["changed"] = "1";
    box.remove();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }, "btn btn-primary");
  box.append(table, use);
  form.prepend(box);
  box.scrollIntoView({ block: "nearest" });
}

async function send(form: HTMLFormElement, state: HTMLElement | null, last = false): Promise<void> {
  const address = addressOf(form);
  const values = read(form);
  const title = document.querySelector("h1")?.textContent?.trim() ?? document.title;
  const body = { values, device: device(), seen: seen.get(address) ?? null, title };
  const answer = await call("PUT", address, body, last);
  if (answer?.ok) {
    const kept = (await answer.json()) as { version: number };
    seen.set(address, kept.version);
    if (state) state.textContent = word("server");
  } else if (answer?.status === 412 && !last) {
    const other = await remote(address);
    if (other) compare(form, read(form), other);
  }
}

function watch(form: HTMLFormElement): void {
  const state = form.querySelector<HTMLElement>("[data-draft-state]");
  let near = 0;
  let far = 0;
  let sent = false;
  const keep = (): void => {
    clearTimeout(near);
    if (form.dataset["changed"] !== "1") return;
    const kept: Kept = { at: Date.now(), values: read(form) };
    if (store.set(keyOf(form), JSON.stringify(kept)) && state) state.textContent = word("saved");
  };
  const leave = (): void => {
    keep();
    clearTimeout(far);
    if (form.dataset["changed"] === "1" && !sent) void send(form, state, true);
  };
  form.addEventListener("input", () => {
    form.dataset["changed"] = "1";
    clearTimeout(near);
    clearTimeout(far);
    near = window.setTimeout(keep, 400);
    far = window.setTimeout(() => void send(form, state), PAUSE);
  });
  // A page that is closed or put aside on a phone gives no other chance.
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.hidden && leave());
  form.addEventListener("submit", () => {
    keep();
    clearTimeout(far);
    sent = true;
    // The server may still refuse: the next page tells.
    store.set(`${prefix()}sent`, keyOf(form));
  });
}

/** The page after a sending tells how it went: errors, the same form again or a bare page mean that the draft is still needed. */
function forgetSent(): void {
  const key = store.get(`${prefix()}sent`);
  if (key === null) return;
  store.drop(`${prefix()}sent`);
  const refused = document.querySelector(".error-summary, [aria-invalid=true]") !== null;
  const again = [...document.querySelectorAll<HTMLFormElement>("form[data-draft]")].some((form) => keyOf(form) === key);
  const thanked = document.querySelector("#flash .notice-ok") !== null;
  if (thanked || !(refused || again || document.body.classList.contains("bare"))) {
    store.drop(key);
    void call("DELETE", key.slice(prefix().length));
  }
}

/** What lies here and what lies on the server: the newer one is offered; two of them from two devices are compared. */
async function meet(form: HTMLFormElement): Promise<void> {
  const now = read(form);
  const here = parse(store.get(keyOf(form)));
  const mine = here && !same(here.values, now) ? here : null;
  if (mine) offer(form, mine);
  const there = await remote(addressOf(form));
  if (!there) return;
  const own = there.device === device();
  if (own) seen.set(addressOf(form), there.version);
  if (same(there.values, now) || (mine && same(there.values, mine.values))) {
    seen.set(addressOf(form), there.version);
    return;
  }
  if (own) {
    if (!mine) offer(form, there);
    return;
  }
  if (mine || form.dataset["changed"] === "1") {
    compare(form, form.dataset["changed"] === "1" ? read(form) : (mine?.values ?? now), there);
  } else {
    seen.set(addressOf(form), there.version);
    offer(form, there);
  }
}

export function start(): void {
  forgetSent();
  const old = Date.now() - DAYS_KEPT * 86_400_000;
  for (const key of store.keys()) {
    if (key.startsWith("wushe.draft.") && !key.endsWith(".sent") && (parse(store.get(key))?.at ?? 0) < old) store.drop(key);
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    void meet(form);
    watch(form);
  }
  document.querySelector("form[action='/session/end']")?.addEventListener("submit", () => {
    for (const key of store.keys()) if (key.startsWith(prefix())) store.drop(key);
  });
}
