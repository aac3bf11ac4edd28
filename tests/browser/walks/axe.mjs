// WCAG 2.2 A and AA by axe-core on the main pages, on a desk and on a phone: nothing serious, nothing critical.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { must, person, PHONE, WIDE, window } from "../lib.mjs";

const PAGES = {
  "": ["/session/new"],
  shen: ["/district", "/board", "BOARD", "WHY", "RULE", "/whatif", "/policy", "OPTION", "/policy/text", "/waivers", "/today", "/me", "/search?q=%E7%AB%99"],
  yan: ["/audit", "/audit/1"],
  admin: ["/accounts", "ACCOUNT", "/me/password"],
};

export default async function ({ browser, findings }) {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  for (const [login, pages] of Object.entries(PAGES)) {
    const page = login === "" ? await window(browser, findings) : await person(browser, findings, login);
    const named = await names(page, login);
    for (const path of pages.map(p => named[p] ?? p)) {
      const answer = await page.goto(path);
      must(answer.status() === 200, `${path} answers ${login} ${answer.status()}`);
      for (const size of [WIDE, PHONE]) {
        await page.setViewportSize(size);
        await page.evaluate(source);
        const { violations } = await page.evaluate(() => axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
        }));
        for (const v of violations.filter(v => v.impact === "serious" || v.impact === "critical")) {
          findings.add(`${path} (${login}) at ${size.width}`, `${v.id} ${v.impact}: ${v.nodes.length}× ${v.nodes[0].html.slice(0, 160)} ${v.nodes[0].any[0]?.message ?? ""}`);
        }
      }
    }
    await page.context().close();
  }
}

/** Pages whose addresses hold an id, taken from the lists that lead to them. */
async function names(page, login) {
  const first = async (at, selector) => { await page.goto(at); return page.locator(selector).first().getAttribute("href"); };
  if (login === "shen") {
    const BOARD = await first("/district", ".matrix tbody th a");
    return { BOARD, WHY: await first("/district", ".matrix td.bad a"), RULE: await first("/district", ".matrix thead a"), OPTION: await first(await first("/policy", ".policy-side a[href^='/policy/options/']"), "a[href*='?value=']") };
  }
  return login === "admin" ? { ACCOUNT: await first("/accounts", "main tbody a") } : {};
}
