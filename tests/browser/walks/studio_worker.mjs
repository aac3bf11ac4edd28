// The studio worker: what is due in her community, her studio's board, nothing to decide.
import { judge, must, person, sees, status } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "kong");
  await sees(page, "孔一诺");
  await page.goto("/today");
  await sees(page, "待我处理");
  await judge(page, findings);
  await page.goto("/board");
  must((await page.locator("h1").innerText()).includes("七彩社会工作室"), "her board is her studio's");
  await sees(page, "综合达标");
  await page.locator("tr a.btn").first().click();
  await page.waitForURL(url => url.pathname.includes("/why/"));
  await sees(page, "这个数怎么来的");
  for (const path of ["/district", "/whatif", "/policy/text", "/accounts", "/audit"]) {
    const answer = await status(page, path);
    must(answer === 403 || answer === 404, `${path} answers her ${answer}`);
  }
}
