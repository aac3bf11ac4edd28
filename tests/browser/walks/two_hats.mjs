// One person with two roles: another hat, another set of rows.
import { must, person, sees } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "fan");
  const role = () => page.locator(".menu-user summary small").innerText();
  const board = async () => { await page.goto("/board"); return page.locator("h1").innerText(); };
  const asWorker = [await role(), await board()];
  must(asWorker[1].includes("社会工作站"), `a station's worker sees ${asWorker[1]}`);
  must(asWorker[0].includes("社工"), `he begins as ${asWorker[0]}`);
  await wear(page);
  await sees(page, "已切换身份");
  const asStudio = [await role(), await board()];
  must(asStudio[0] !== asWorker[0], `the header still says ${asStudio[0]}`);
  must(asStudio[1].includes("社会工作室"), `a studio's worker sees ${asStudio[1]}`);
  await wear(page);
  must(await role() === asWorker[0], "the first hat fits again");
}

/** Puts on the hat that is not worn. */
async function wear(page) {
  const menu = page.locator("details.menu").filter({ has: page.locator("form[action='/session/hat']") });
  await menu.locator("summary").click();
  const hats = menu.locator("button[name=hat]");
  must(await hats.count() === 2, "two hats hang in the menu");
  const other = menu.locator("button[name=hat]:not([aria-current])");
  await Promise.all([page.waitForNavigation(), other.click()]);
}
