// Nothing typed is lost: a form with data-draft is kept on this computer until it is accepted, under the account and the
// page's address. Passwords, tokens and files are never kept; signing out forgets every draft of the account.
import { make, store, word } from "./dom";

type Kept = { at: number; values: [string, string][] };
const DAYS_KEPT = 3;

function prefix(): string {
  return `wushe.draft.${document.body.dataset["account"] ?? ""}.`;
}

function keyOf(form: HTMLFormElement): string {
  const forms = [...document.querySelectorAll<HTMLFormElement>("form[data-draft]")];
  return `${prefix()}${location.pathname}${location.search}#${form.dataset["draft"] || forms.indexOf(form)}`;
}

function read(form: HTMLFormElement): [string, string][] {
  const values: [string, string][] = [];
  for (const element of form.elements) {
    if (element instanceof HTMLInputElement && /^(password|hidden|file)$/.test(element.type)) continue;
    if (element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type) && !element.checked) continue;
    if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement) {
      if (element.name) values.push([element.name, element.value]);
    }
  }
  return values;
}

function fill(form: HTMLFormElement, kept: Kept): void {
  // Tables that grow make the rows first; what conditions close is settled after.
  form.dispatchEvent(new CustomEvent("wushe:restoring", { detail: kept.values.map(([name]) => name) }));
  const left = new Map<string, string[]>();
  for (const [name, value] of kept.values) left.set(name, [...(left.get(name) ?? []), value]);
  for (const element of form.elements) {
    if (!(element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement)) continue;
    if (!element.name || /^(password|hidden|file|submit|button)$/.test(element.type)) continue;
    const values = left.get(element.name) ?? [];
    if (element instanceof HTMLInputElement && /^(checkbox|radio)$/.test(element.type)) element.checked = values.includes(element.value);
    else element.value = values.shift() ?? "";
  }
  form.dispatchEvent(new Event("wushe:restored"));
}

function parse(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Kept | null;
    return kept && Array.isArray(kept.values) ? kept : null;
  } catch {
    return null;
  }
}

function offer(form: HTMLFormElement, kept: Kept): void {
  const banner = make("div", "draft-banner");
  const when = new Date(kept.at).toLocaleString(document.documentElement.lang);
  const restore = make("button", "btn btn-sm", word("keep"));
  const discard = make("button", "btn btn-sm", word("drop"));
  restore.type = discard.type = "button";
  restore.addEventListener("click", () => {
    fill(form, kept);
    form.dataset["changed"] = "1";
    banner.remove();
  });
  discard.addEventListener("click", () => {
    store.drop(keyOf(form));
    banner.remove();
  });
  banner.setAttribute("role", "status");
  banner.append(make("span", "", `${word("restore")} ${when}`), restore, discard);
  form.prepend(banner);
}

function watch(form: HTMLFormElement): void {
  const state = form.querySelector<HTMLElement>("[data-draft-state]");
  let timer = 0;
  const keep = (): void => {
    clearTimeout(timer);
    if (form.dataset["changed"] !== "1") return;
    const kept: Kept = { at: Date.now(), values: read(form) };
    if (store.set(keyOf(form), JSON.stringify(kept)) && state) state.textContent = word("saved");
  };
  form.addEventListener("input", () => {
    form.dataset["changed"] = "1";
    clearTimeout(timer);
    timer = window.setTimeout(keep, 400);
  });
  // A page that is closed or put aside on a phone gives no other chance.
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  form.addEventListener("submit", () => {
    keep();
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
  if (thanked || !(refused || again || document.body.classList.contains("bare"))) store.drop(key);
}

export function start(): void {
  forgetSent();
  const old = Date.now() - DAYS_KEPT * 86_400_000;
  for (const key of store.keys()) {
    if (key.startsWith("wushe.draft.") && !key.endsWith(".sent") && (parse(store.get(key))?.at ?? 0) < old) store.drop(key);
  }
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    const kept = parse(store.get(keyOf(form)));
    if (kept && JSON.stringify(kept.values) !== JSON.stringify(read(form))) offer(form, kept);
    watch(form);
  }
  document.querySelector("form[action='/session/end']")?.addEventListener("submit", () => {
    for (const key of store.keys()) if (key.startsWith(prefix())) store.drop(key);
  });
}
