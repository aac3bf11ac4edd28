// Paste from Excel: a textarea with data-paste shows what was pasted as a table below it; the server alone decides what is right.
// Cells are split as spreadsheets copy them: tabs between cells, quotes around cells that hold line breaks.
import { make } from "./dom";

const MOST_ROWS = 200;

export function cells(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text.charAt(at + 1) === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t") {
      row.push(cell);
      cell = "";
    } else if (sign === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else if (sign !== "\r") cell += sign;
  }
  if (cell !== "" || row.length > 0) rows.push([...row, cell]);
  return rows.filter((cells) => cells.some((text) => text.trim() !== ""));
}

/** What Excel has done to a cell before it was copied: a long number written short, or its last digits turned to zeros. */
function spoiled(cell: string): boolean {
  return /^\d(\.\d+)?E\+\d+$/i.test(cell.trim()) || /^\d{15}000$/.test(cell.trim());
}

function show(area: HTMLTextAreaElement, box: HTMLElement): void {
  const rows = cells(area.value);
  box.replaceChildren();
  if (rows.length === 0) return;
  const table = make("table", "table card-table import");
  const body = make("tbody", "");
  rows.slice(0, MOST_ROWS).forEach((texts, at) => {
    const line = make("tr", "");
    line.append(make(at === 0 ? "th" : "td", "text-secondary", String(at + 1)));
    for (const text of texts) line.append(make(at === 0 ? "th" : "td", spoiled(text) ? "cell-bad" : "", text));
    body.append(line);
  });
  table.append(body);
  box.append(table);
}

export function start(): void {
  for (const area of document.querySelectorAll<HTMLTextAreaElement>("textarea[data-paste]")) {
    area.classList.add("paste");
    const box = make("div", "table-responsive mt-2");
    box.tabIndex = 0;
    area.after(box);
    area.addEventListener("input", () => show(area, box));
    show(area, box);
  }
}
