// Forms as data: what a condition closes is hidden, and tables grow. Without script everything is shown and the server sorts it out.

type Rule = [field: string, op: "given" | "is" | "not" | "min" | "max", words: string[]];

/** The answers of a field that can be seen: a closed field has none. */
function answers(form: HTMLFormElement, name: string): string[] {
  const found: string[] = [];
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement)) continue;
    if (field.name !== name || field.closest("[data-when][hidden]")) continue;
    const tick = field instanceof HTMLInputElement && (field.type === "radio" || field.type === "checkbox");
    if (tick && !field.checked) continue;
    const value = field.value.trim();
    if (value) found.push(value);
  }
  return found;
}

function holds(form: HTMLFormElement, [name, op, words]: Rule): boolean {
  const given = answers(form, name);
  switch (op) {
    case "given":
      return given.length > 0;
    case "is":
      return given.some((one) => words.includes(one));
    case "not":
      return !given.some((one) => words.includes(one));
    case "min":
      return given.length > 0 && Number(given[0]) >= Number(words[0]);
    case "max":
      return given.length > 0 && Number(given[0]) <= Number(words[0]);
  }
}

/** Conditions look back, so one pass in the order of the page is enough. */
function settle(form: HTMLFormElement): void {
  for (const cell of form.querySelectorAll<HTMLElement>("[data-when]")) {
    const rules = JSON.parse(cell.dataset["when"] ?? "[]") as Rule[];
    cell.hidden = !rules.every((rule) => holds(form, rule));
  }
}

/** One more row like the last, empty, with the next number in its names. */
function grow(table: HTMLTableElement): void {
  const last = table.tBodies[0]?.rows[table.tBodies[0].rows.length - 1];
  if (!last) return;
  const row = last.cloneNode(true) as HTMLTableRowElement;
  for (const mark of row.querySelectorAll(".err")) mark.remove();
  for (const field of row.querySelectorAll<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>("input, select, textarea")) {
    const at = Number(/\.(\d+)\./.exec(field.name)?.[1] ?? 0);
    field.name = field.name.replace(/\.\d+\./, `.${at + 1}.`);
    field.id = `f-${field.name}`;
    field.classList.remove("is-wrong");
    field.setAttribute("aria-label", (field.getAttribute("aria-label") ?? "").replace(/\d+(?=\D*$)/, String(at + 2)));
    field.value = "";
  }
  last.after(row);
}

/** As many rows as these field names need. */
function growTo(table: HTMLTableElement, names: string[]): void {
  const first = table.querySelector<HTMLInputElement>("[name]")?.name.split(".")[0];
  const most = Math.max(-1, ...names.filter((name) => name.split(".")[0] === first).map((name) => Number(name.split(".")[1] ?? -1)));
  while ((table.tBodies[0]?.rows.length ?? 0) <= Math.min(most, 200)) grow(table);
}

export function start(): void {
  for (const part of document.querySelectorAll<HTMLElement>("[data-conditions]")) {
    const form = part.closest("form");
    if (!form) continue;
    settle(form);
    form.addEventListener("input", () => settle(form));
    form.addEventListener("change", () => settle(form));
    // A restored draft fills fields without events of their own.
    form.addEventListener("wushe:restoring", (event) => {
      const names = (event as CustomEvent<string[]>).detail;
      for (const table of part.querySelectorAll<HTMLTableElement>("[data-rows]")) growTo(table, names);
    });
    form.addEventListener("wushe:restored", () => settle(form));
    for (const button of part.querySelectorAll<HTMLButtonElement>("[data-add-row]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        const table = button.parentElement?.querySelector("table");
        if (!table) return;
        grow(table);
        table.tBodies[0]?.lastElementChild?.querySelector<HTMLElement>("input, select, textarea")?.focus();
      });
    }
  }
}
