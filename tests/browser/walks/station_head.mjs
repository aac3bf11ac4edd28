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
  await certificate(page, new URL(page.url()).pathname);
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

/** A certificate that was missing: a wrong day is refused at its field with everything kept, the right one turns the verdict. */
async function certificate(page, why) {
  await page.goto(why);
  await sees(page, "未达标");
  const lacks = page.locator("li.out", { hasText: "没有所需的资格" }).first();
  const name = (await lacks.locator("a").first().innerText()).trim();
  await page.goto("/people");
  await page.getByRole("link", { name, exact: true }).click();
  await page.locator("a[href*='/records/qualifications/new']").click();
  await page.waitForURL(/qualifications\/new/);
  await page.locator("[name=kind]").selectOption({ label: "助理社会工作师" });
  await page.locator("[name=number]").fill("虚构990001");
  await page.locator("[name=since]").fill("2024-06-01");
  await page.locator("[name=until]").fill("2023-06-01");
  const save = () => Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "保存" }).click()]);
  await save();
  must(await page.locator("#f-until[aria-invalid=true]").count() === 1, "the wrong day is marked at its field");
  await sees(page, "结束日期应晚于开始日期");
  must(await page.locator("[name=number]").inputValue() === "虚构990001", "what she typed is kept");
  must(await page.locator("[name=until]").inputValue() === "2023-06-01", "the wrong day is kept for her to mend");
  await page.locator("[name=until]").fill("");
  await save();
  await sees(page, name);
  await sees(page, "虚构990001");
  await page.goto(why);
  must(!(await page.locator(".why-sum").innerText()).includes("未达标"), "the verdict turned");
  await sees(page, "现值 3");
}

async function foreign(browser, findings) {
  const officer = await person(browser, findings, "shen");
  const row = officer.locator(".matrix tbody tr").filter({ hasNotText: "岚渚" }).first();
  const href = await row.locator("th a").getAttribute("href");
  await officer.context().close();
  return href;
}
