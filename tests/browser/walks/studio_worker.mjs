// The studio worker: what is due in her community, her studio's board, nothing to decide.
import { judge, must, person, sees, status } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "kong");
  await sees(page, "孔一诺");
  await page.goto("/today");
  await sees(page, "待我处理");
  await judge(page, findings);
  await page.goto("/board");
  const units = await page.locator("tbody tr").count();
  must(units >= 1 && units <= 3, `she sees ${units} units`);
  await page.locator("tbody tr a").first().click();
  await sees(page, "综合达标");
  for (const path of ["/district", "/whatif", "/policy/text", "/accounts", "/audit"]) {
    const answer = await status(page, path);
    must(answer === 403 || answer === 404, `${path} answers her ${answer}`);
  }
}
