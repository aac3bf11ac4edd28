// The supervisor reads: no page offers her an act of the office, and an act forged all the same is refused.
import { judge, must, person, sees } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "cheng");
  await page.goto("/board");
  await sees(page, "程牧");
  await judge(page, findings);
  const why = await page.locator("tr a.btn").first().getAttribute("href");
  for (const path of ["/today", "/board", "/board?kind=studio", why, "/waivers", "/policy"]) {
    const answer = await page.goto(path);
    must(answer.status() === 200, `${path} answers her ${answer.status()}`);
    const acts = await page.locator("main form[method=post]:not([action^='/session/'])").count();
    must(acts === 0, `${path} offers her ${acts} acts`);
  }
  // With her own cookie and her own page's token: it is the right that is missing, not the form.
  const csrf = await page.locator("input[name=_csrf]").first().inputValue();
  const form = { _csrf: csrf, reason: "不该做的事", until: "2027-01-01" };
  const answer = await page.evaluate(async ([to, fields]) => {
    const sent = await fetch(to, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
    return sent.status;
  }, [`${why.split("?")[0]}/waivers`, form]);
  must(answer === 403, `her waiver was answered ${answer}`);
}
