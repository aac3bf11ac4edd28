// The station head: her day, her own board, and the district's door closed to her.
import { judge, must, person, sees, status } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "lin");
  must(new URL(page.url()).pathname === "/today", `she begins at ${page.url()}`);
  await sees(page, "林舒");
  await sees(page, "待我处理");
  must(await page.locator("main tbody tr").count() > 0, "there is something to do");
  await judge(page, findings);

  // With one station in her street the list is that station's board.
  await page.goto("/board");
  must((await page.locator("h1").innerText()).includes("岚渚街道社会工作站"), "her board is her station's");
  await sees(page, "综合达标");
  await page.locator("tr.bad a.btn").first().click();
  await page.waitForURL(url => url.pathname.includes("/why/"));
  await sees(page, "怎样补齐");
  await judge(page, findings);
  await page.goto("/board?kind=studio");
  const streets = await page.locator("tbody td[data-label='街道']").allInnerTexts();
  must(streets.length > 1, "her street has studios");
  must(streets.every(s => s.includes("岚渚")), `she sees ${[...new Set(streets)].join("、")}`);

  must(!(await page.locator(".side nav").innerText()).includes("区级总览"), "the side bar offers no district");
  const closed = await status(page, "/district");
  must(closed === 403 || closed === 404, `/district answers her ${closed}`);
  await sees(page, "回首页");

  // A station of another street looks as if it were not there.
  const other = await foreign(browser, findings);
  must(await status(page, other) === 404, `${other} of another street is open to her`);
  must(await status(page, `/whatif`) === 200, "she may ask what if");
  const sites = await page.locator("#f-site option").allInnerTexts();
  must(sites.length > 1 && sites.slice(1).every(s => s.includes("岚渚")), `what-if offers her ${sites.join("、")}`);
}

async function foreign(browser, findings) {
  const officer = await person(browser, findings, "shen");
  const row = officer.locator(".matrix tbody tr").filter({ hasNotText: "岚渚" }).first();
  const href = await row.locator("th a").getAttribute("href");
  await officer.context().close();
  return href;
}
