// The auditor: the log, one entry of it, and the chain that holds.
import { judge, must, person, sees } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "yan");
  await page.goto("/audit");
  await sees(page, "审计日志");
  must(await page.locator("main tbody tr").count() > 10, "the log has entries");
  await judge(page, findings);
  await page.getByRole("link", { name: "校验完整性" }).click();
  await sees(page, /日志完整：\d{3,} 条记录首尾相接/);
  await page.locator("main tbody tr a").first().click();
  await sees(page, "本条的哈希");
  const acts = await page.locator("main form[method=post]").count();
  must(acts === 0, `an entry of the log offers ${acts} acts`);
}
