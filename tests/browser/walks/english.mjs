// In English: the frame, headings of tables, labels and buttons hold no Chinese; data stay as they were written.
import { judge, must, person, sees } from "../lib.mjs";

const PAGES = {
  shen: ["/district", "/board", "/policy", "/waivers", "/whatif", "/today", "/search?q=x", "/me", "/policy/text"],
  yan: ["/audit"],
  admin: ["/accounts", "/me/password"],
};
// What is data inside the frame: the district's name, people, places, and the name of the other language.
const DATA = ".side-brand, .top-brand, .who, .menu-head, .avatar, .language, .ribbon-data, [name=hat], .clause, code, .matrix, .tiles";
const FRAME = ".side nav, .side-foot, .top, .tabbar, dialog, th, .subheader, label.form-label, legend, .card-header .card-title, button, .page-actions, .error-summary, .empty";

export default async function ({ browser, findings }) {
  for (const [login, pages] of Object.entries(PAGES)) {
    const page = await person(browser, findings, login);
    await page.locator(".menu-user summary").click();
    await Promise.all([page.waitForNavigation(), page.locator(".menu-user").getByRole("button", { name: "English" }).click()]);
    must(await page.locator("html").getAttribute("lang") === "en", "the page says it is in English");
    await page.locator(".menu-user summary").click();
    await sees(page, "Sign out");
    for (const path of pages) {
      const answer = await page.goto(path);
      must(answer.status() === 200, `${path} answers ${login} ${answer.status()}`);
      await judge(page, findings);
      for (const text of await page.evaluate(chinese, [FRAME, DATA])) findings.add(`${path} (${login}, en)`, `Chinese in the frame: ${text}`);
    }
    await page.context().close();
  }
}

/** Runs in the page: the texts of the frame that hold Chinese, data left out. */
function chinese([frame, data]) {
  const found = new Set();
  for (const part of document.querySelectorAll(frame)) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const { textContent, parentElement } = texts.currentNode;
      if (/[\u3400-\u9fff]/.test(textContent) && !parentElement.closest(data)) found.add(textContent.trim());
    }
  }
  return [...found];
}
