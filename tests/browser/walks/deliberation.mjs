// One issue of the community: collected, screened, posted, deliberated, resolved, acted on, reported back. What happened on paper is noted later.
import { judge, must, person, PHONE, sees } from "../lib.mjs";

const go = (page, button) => Promise.all([page.waitForNavigation(), button.click()]);
const ago = days => new Date(Date.now() + 8 * 3600e3 - days * 86400e3).toISOString().slice(0, 10);

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "kong");
  await page.goto("/deliberations");
  await sees(page, "小区夜间停车位怎么分");
  await judge(page, findings);
  await page.goto("/deliberations/new");
  await page.locator("[name=title]").fill("楼下快递柜放哪里");
  await page.locator("[name=source][value=resident]").check({ force: true });
  await page.locator("[name=category]").selectOption("space");
  if (await page.locator("[name=region]").inputValue() === "") await page.locator("[name=region]").selectOption({ index: 1 });
  await page.locator("[name=collected]").fill(ago(20));
  await go(page, page.getByRole("button", { name: "登记议题" }));
  await sees(page, "待筛选");

  await page.locator("[name=reason]").first().fill("三幢住户都反映");
  await go(page, page.getByRole("button", { name: "提交协商" }));
  await page.locator("[name=form][value=council]").check({ force: true });
  await page.locator("[name=day]").fill(ago(9));
  await page.locator("[name=place]").fill("议事厅");
  await go(page, page.getByRole("button", { name: "确定协商时间" }));
  await sees(page, "请先列出参加协商的各方");
  must(await page.locator("[name=place]").inputValue() === "议事厅", "what was typed is kept");
  await page.locator("[name=name]").fill("业委会 施先生");
  await page.locator("[name=role]").selectOption("owners");
  await go(page, page.getByRole("button", { name: "加入" }));
  await page.locator("[name=form][value=council]").check({ force: true });
  await page.locator("[name=day]").fill(ago(9));
  await page.locator("[name=place]").fill("议事厅");
  await go(page, page.getByRole("button", { name: "确定协商时间" }));
  await sees(page, "待张贴公示");

  // Two days of notice are not enough.
  const notice = page.locator("form[action$='/notice']");
  await notice.locator("[name=on]").fill(ago(11));
  await go(page, notice.getByRole("button"));
  await sees(page, "会前至少 3 天");
  await notice.locator("[name=on]").fill(ago(14));
  await go(page, notice.getByRole("button"));
  await sees(page, "协商公示");
  const paper = await page.locator("a", { hasText: "协商公示" }).first().getAttribute("href");
  const at = new URL(page.url()).pathname;
  await page.goto(paper);
  await sees(page, "议事厅");
  await page.goto(at);

  const minutes = page.locator("form[action$='/meeting']");
  await minutes.locator("[name=held_on]").fill(ago(9));
  await minutes.locator("[name=present]").first().check({ force: true });
  await minutes.locator("[name=others]").fill("14");
  await minutes.locator("[name=views]").fill("有人要近，有人怕吵");
  await minutes.locator("[name=minutes]").fill("看了三个位置，逐一表决");
  await minutes.locator("[name=rule][value=two_thirds]").check({ force: true });
  await minutes.locator("[name=yes]").fill("8");
  await minutes.locator("[name=no]").fill("6");
  await minutes.locator("[name=outcome][value=agreed]").check({ force: true });
  await go(page, minutes.getByRole("button", { name: "保存协商记录" }));
  await sees(page, "票数达不到所定的规则");
  must(await minutes.locator("[name=views]").inputValue() === "有人要近，有人怕吵", "the minutes are kept");
  await minutes.locator("[name=rule][value=majority]").check({ force: true });
  await go(page, minutes.getByRole("button", { name: "保存协商记录" }));
  await sees(page, "待形成决议");
  await judge(page, findings);

  await page.locator("[name=resolution]").fill("放在东门岗亭旁");
  await page.locator("[name=public_from]").fill(ago(8));
  await go(page, page.getByRole("button", { name: "形成决议" }));
  await page.locator("[name=what]").fill("移柜通电");
  await page.locator("[name=owner]").fill("物业");
  await page.locator("[name=due]").fill(ago(-5));
  await go(page, page.getByRole("button", { name: "加一项" }));
  await go(page, page.getByRole("button", { name: "开始落实" }));
  must(await page.locator("form[action$='/feedback']").count() === 0, "nothing is reported back while something is open");
  await go(page, page.locator("form.finish").getByRole("button"));
  await page.locator("[name=text]").fill("柜子已移到东门");
  await go(page, page.locator("form[action$='/feedback']").getByRole("button"));
  await sees(page, "待居民评价");
  await sees(page, "柜子已移到东门");
  await page.setViewportSize(PHONE);
  await judge(page, findings);
  for (const path of ["/deliberations", "/neighbours", "/leaders"]) {
    await page.goto(path);
    await judge(page, findings);
  }
}
