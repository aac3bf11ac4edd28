// Theme and size of this computer: follows the system until a person chooses.
import { store } from "./dom";

const THEME = "wushe.theme";
const SIZE = "wushe.size";

function show(): void {
  const root = document.documentElement;
  const chosen = store.get(THEME);
  const dark = chosen === "dark" || (chosen === null && matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-bs-theme", dark ? "dark" : "light");
  root.classList.toggle("big", store.get(SIZE) === "big");
}

export function start(): void {
  document.documentElement.classList.add("js");
  show();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
  // Paper is white.
  addEventListener("beforeprint", () => document.documentElement.setAttribute("data-bs-theme", "light"));
  addEventListener("afterprint", show);
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll<HTMLElement>("[data-theme-next], [data-size-next], [data-print]")) {
      button.hidden = false;
    }
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.hasAttribute("data-theme-next")) {
      store.set(THEME, document.documentElement.getAttribute("data-bs-theme") === "dark" ? "light" : "dark");
      show();
    } else if (button?.hasAttribute("data-size-next")) {
      store.set(SIZE, document.documentElement.classList.contains("big") ? "" : "big");
      show();
    } else if (button?.hasAttribute("data-print")) {
      window.print();
    }
  });
}
