// Follows every link that pages offer this person. All are asked for; a few of each kind are looked at on a phone.
import { judge, person, PHONE, rawKeys } from "../lib.mjs";

const MOST = 400;
const LOOKS = 2;
const DOWNLOADS = /\.(xlsx|csv|docx|pdf|zip)(\?|$)/;

export default async function ({ browser, findings, asked: login }) {
  const page = await person(browser, findings, login, { viewport: PHONE });
  const seen = new Map([["/", "the start"], ["/me", "the start"]]);
  const kinds = new Map();
  const queue = [...seen.keys()];
  let asked = 0;
  while (queue.length > 0 && asked < MOST) {
    const path = queue.shift();
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
      queue.push(href);
    }
    const kind = kindOf(path);
    const looked = kinds.get(kind) ?? 0;
    if (looked < LOOKS) {
      kinds.set(kind, looked + 1);
      await page.goto(path);
      await judge(page, findings);
    }
  }
  findings.check(asked > 5, login, `only ${asked} pages could be reached`);
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
