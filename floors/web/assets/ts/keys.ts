// Keyboard: `/` search, `N` new, `J` `K` rows, `A` `R` judge, `?` the list, Ctrl+Enter submit.
// A link or button names its key with data-key; a link with data-key-anywhere is followed where no visible one takes the key. Single keys can be switched off (WCAG 2.1.4).
import { store, typing } from "./dom";
import { move } from "./rows";

const OFF = "wushe.keys.off";

export function start(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#keys");
  const toggle = document.querySelector<HTMLInputElement>("[data-keys-switch]");
  if (toggle) {
    toggle.checked = store.get(OFF) === null;
    toggle.addEventListener("change", () => (toggle.checked ? store.drop(OFF) : store.set(OFF, "1")));
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing && event.target instanceof Element) {
      const form = event.target.closest("form");
      if (form && form.method === "post") form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
    if (event.key === "?" && dialog) {
      if (typeof dialog.showModal === "function") dialog.showModal();
      return;
    }
    if (store.get(OFF) !== null || dialog?.open) return;
    const key = event.key.toLowerCase();
    if (key === "j" || key === "k") {
      if (move(key === "j" ? 1 : -1)) event.preventDefault();
      return;
    }
    for (const element of document.querySelectorAll<HTMLElement>("[data-key]")) {
      if (element.dataset["key"]?.toLowerCase() !== key || element.offsetParent === null) continue;
      event.preventDefault();
      if (element instanceof HTMLInputElement) element.select();
      else element.click();
      element.focus();
      return;
    }
    for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-key-anywhere]")) {
      if (link.dataset["keyAnywhere"]?.toLowerCase() !== key) continue;
      event.preventDefault();
      location.assign(link.href);
      return;
    }
  });
  document.addEventListener("click", (event) => closeMenus(event.target instanceof Node ? event.target : null));
}

/** Small menus are `<details data-menu>`: a click elsewhere closes them. */
function closeMenus(inside: Node | null): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>("details[data-menu][open], details.confirm[open]")) {
    if (!inside || !menu.contains(inside)) menu.open = false;
  }
}
