// Drafts on this computer: a part with data-kept lists the forms of this account that were filled in and not handed in.
import { make, store } from "./dom";

export function start(): void {
  const part = document.querySelector<HTMLElement>("[data-kept]");
  const list = part?.querySelector<HTMLElement>("[data-kept-list]");
  if (!part || !list) return;
  const mine = `wushe.draft.${document.body.dataset["account"] ?? ""}.`;
  // What the server keeps too is listed above already.
  const listed = new Set([...document.querySelectorAll<HTMLAnchorElement>("[data-left]")].map((a) => a.getAttribute("href")));
  for (const key of store.keys()) {
    if (!key.startsWith(`${mine}/`)) continue;
    const href = key.slice(mine.length).split("#")[0] ?? "";
    if (listed.has(href)) continue;
    let at = 0;
    try {
      at = (JSON.parse(store.get(key) ?? "null") as { at?: number } | null)?.at ?? 0;
    } catch {
      continue;
    }
    const line = make("li", "");
    const link = make("a", "text-break", href);
    link.href = href;
    line.append(link, make("time", "text-secondary tnum", new Date(at).toLocaleString(document.documentElement.lang)));
    list.append(line);
  }
  part.hidden = list.children.length === 0;
}
