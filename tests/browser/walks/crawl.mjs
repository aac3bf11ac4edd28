// Follows links that pages offer this person, the least asked kinds of page first; a few of each kind are looked at on a phone.
import { judge, person, PHONE, rawKeys } from "../lib.mjs";

const MOST = 160;
const LOOKS = 2;
const DOWNLOADS = /\.(xlsx|csv|docx|pdf|zip)(\?|$)/;

export default async function ({ browser, findings, asked: login }) {
  const page = await person(browser, findings, login, { viewport: PHONE });
  const seen = new Map([["/", "the start"], ["/me", "the start"]]);
  const looks = new Map();
  const queues = new Map(["/", "/me"].map(path => [kindOf(path), [path]]));
  const counts = new Map();
  let asked = 0;
  while (asked < MOST) {
    const next = rarest(queues, counts);
    if (next === undefined) break;
    const [kind, path] = next;
    asked += 1;
    const answer = await page.request.get(path);
    const where = `${path} (${login}, offered by ${seen.get(path)})`;
    if (!findings.check(answer.status() < 400, where, `answers ${answer.status()}`)) continue;
    if (!(answer.headers()["content-type"] ?? "").startsWith("text/html")) continue;
    const html = await answer.text();
    for (const key of rawKeys(visible(html))) findings.add(where, `raw key ${key}`);
    for (const href of links(html, answer.url())) {
      if (seen.has(href) || DOWNLOADS.test(href)) continue;
      seen.set(href, path);
      const of = kindOf(href);
      queues.set(of, [...(queues.get(of) ?? []), href]);
    }
    const looked = looks.get(kind) ?? 0;
    if (looked < LOOKS) {
      looks.set(kind, looked + 1);
      await page.goto(path);
      await judge(page, findings);
    }
  }
  findings.check(asked > 5, login, `only ${asked} pages could be reached`);
}

/** The next address of the kind that was asked for least. */
function rarest(queues, counts) {
  const waiting = [...queues].filter(([, paths]) => paths.length > 0);
  if (waiting.length === 0) return undefined;
  const [kind, paths] = waiting.reduce((a, b) => ((counts.get(b[0]) ?? 0) < (counts.get(a[0]) ?? 0) ? b : a));
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [kind, paths.shift()];
}

/** The addresses that a page of ours offers. */
function links(html, at) {
  const found = [];
  for (const [, raw] of html.matchAll(/<a\b[^>]*\shref="([^"]*)"/g)) {
    const url = new URL(raw.replaceAll("&amp;", "&").replaceAll("&#38;", "&"), at);
    if (url.origin === new URL(at).origin) found.push(url.pathname + url.search);
  }
  return found;
}

/** The kind of page behind an address: ids, numbers and the values of the query left out. */
function kindOf(path) {
  const url = new URL(path, "http://x");
  const parts = url.pathname.split("/").map(p => (/\d/.test(p) || p.includes(".") || p.length > 24 ? "*" : p));
  return `${parts.join("/")}?${[...url.searchParams.keys()].join("&")}`;
}

function visible(html) {
  return html.replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, " ").replace(/<code\b[\s\S]*?<\/code>/g, " ").replace(/<[^>]+>/g, " ");
}
