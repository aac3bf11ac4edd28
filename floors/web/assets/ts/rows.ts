// Rows: a table row with data-href is a large link; J and K walk through these and rows with data-row, Enter opens the link there.

function open(row: HTMLElement, aside: boolean): void {
  const href = row.dataset["href"];
  if (!href) return;
  if (aside) window.open(href, "_blank", "noopener");
  else location.assign(href);
}

export function start(): void {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.defaultPrevented) return;
    if (event.target.closest("a, button, input, select, textarea, label, summary, details")) return;
    // A person who marks words to copy them does not want to leave.
    if (getSelection()?.toString()) return;
    const row = event.target.closest<HTMLElement>("tr[data-href]");
    if (row) open(row, event.ctrlKey || event.metaKey);
  });
}

/** Walks to the next (1) or previous (-1) row and puts the focus on its link, so that Enter opens it. */
export function move(step: 1 | -1): boolean {
  const rows = [...document.querySelectorAll<HTMLElement>("tr[data-href], tr[data-row], .queue > a")].filter((row) => row.offsetParent !== null);
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.classList.contains("here"));
  const next = rows[at === -1 ? (step === 1 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
  if (!next) return false;
  for (const row of rows) row.classList.remove("here");
  next.classList.add("here");
  (next instanceof HTMLAnchorElement ? next : next.querySelector<HTMLElement>("a"))?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}
