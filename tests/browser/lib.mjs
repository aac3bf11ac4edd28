// What all walks share: a browser, people who sign in, and what is wrong with a page whoever looks at it.
import { chromium } from "playwright-core";

export const base = process.env.WALK_BASE;
const password = process.env.WALK_PASSWORD;
export const WIDE = { width: 1366, height: 900 };
export const PHONE = { width: 390, height: 844 };
// A key that nobody translated: small words joined by dots. Addresses of files are no keys.
const KEY = /^[a-z][a-z0-9_]*(\.[a-z0-9_-]+)+$/;
const FILES = /\.(xlsx|csv|pdf|jpe?g|png|txt|json|zip|html|toml|com|cn|org)$/;

export const rawKeys = text => [...new Set(text.split(/[\s，。：；、（）()“”"'·]+/).filter(w => KEY.test(w) && !FILES.test(w)))];

/** Collects what is wrong; throws it all at the end, so that one walk tells everything. */
export class Findings {
  all = [];
  add(where, what) { this.all.push(`${where}: ${what}`); }
  check(ok, where, what) { if (!ok) this.add(where, what); return Boolean(ok); }
  end() { if (this.all.length > 0) throw new Error(`${this.all.length} finding(s)\n${this.all.join("\n")}`); }
}

export async function open() {
  return chromium.launch({
    executablePath: process.env.WALK_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

/** A window of a person: `page` watched for errors of script and content policy, which land in `findings`. */
export async function window(browser, findings, { viewport = WIDE, locale = "zh-CN", state } = {}) {
  const context = await browser.newContext({ viewport, locale, storageState: state, baseURL: base });
  context.setDefaultTimeout(15_000);
  // A policy violation is logged to the console as an error, too, but not every browser says which directive it was.
  await context.addInitScript(() => addEventListener("securitypolicyviolation", e => console.error(`policy ${e.violatedDirective} ${e.blockedURI}`)));
  const page = await context.newPage();
  page.on("pageerror", e => findings.add(page.url(), `script error: ${e.message}`));
  page.on("console", m => {
    // An answer that is an error on purpose (a refused form, a page out of reach, what the walk itself names in `page.meant`) is judged by the walk itself.
    if (m.type() === "error" && !/status of (403|404|412|422)/.test(m.text()) && !page.meant?.test(m.text())) findings.add(page.url(), `console: ${m.text()}`);
  });
  return page;
}

export async function signIn(page, login, word = password) {
  await page.goto("/session/new");
  await page.locator("[name=login]").fill(login);
  await page.locator("[name=password]").fill(word);
  await Promise.all([page.waitForNavigation(), page.locator("main form button[type=submit]").first().click()]);
}

/** A person at a screen of this size, signed in. */
export async function person(browser, findings, login, options) {
  const page = await window(browser, findings, options);
  await signIn(page, login);
  if (page.url().includes("/session/new")) throw new Error(`${login} cannot sign in`);
  return page;
}

/** Asserts with the address of the page, and what it showed, in the message. */
export async function sees(page, text, why = "") {
  const main = page.locator("body");
  const shown = await main.innerText();
  const there = text instanceof RegExp ? text.test(shown) : shown.includes(text);
  if (!there) throw new Error(`${page.url()} does not show ${text} ${why}\n${shown.slice(0, 1500)}`);
}

export async function status(page, path) {
  const answer = await page.goto(path);
  return answer.status();
}

/** What is wrong with the page at hand whoever looks: raw keys, sideways scroll. */
export async function judge(page, findings) {
  const at = `${new URL(page.url()).pathname} at ${page.viewportSize().width}`;
  const text = await page.locator("body").innerText();
  for (const key of rawKeys(text)) findings.add(at, `raw key ${key}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  findings.check(wide <= 0, at, `scrolls sideways by ${wide} px`);
}

export function must(ok, what) { if (!ok) throw new Error(what); }

/** Presses a button and waits for the page that answers. */
export const go = (page, button) => Promise.all([page.waitForNavigation(), button.click()]);

/** A day so many days ago in Shanghai. */
export const ago = days => new Date(Date.now() + 8 * 3600e3 - days * 86400e3).toISOString().slice(0, 10);

/** Fills fields by name, whatever kind they are; a name that is not on the page is a finding of its own. */
export async function put(page, values) {
  for (const [name, value] of Object.entries(values)) {
    const all = page.locator(`main [name="${name}"]`);
    must(await all.count() > 0, `${page.url()} has no field ${name}`);
    const kind = await all.first().evaluate(e => e.type);
    if (kind === "radio" || kind === "checkbox") await page.locator(`main [name="${name}"][value="${value}"]`).check({ force: true });
    else if (kind === "select-one") await all.first().selectOption(value);
    else await all.first().fill(value);
  }
}

/** A picture for whoever looks, when WALK_SHOTS names a folder. */
export async function shot(page, name) {
  const folder = process.env.WALK_SHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}-${page.viewportSize().width}.png`, fullPage: true });
}
