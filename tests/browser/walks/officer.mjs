// The bureau officer: the district at a glance, why a cell is red, another day, the policy, what if.
import { judge, must, person, sees } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "shen");
  must(new URL(page.url()).pathname === "/district", `she begins at ${page.url()}`);
  await sees(page, "14 个街道站");
  must(await page.locator(".matrix tbody tr").count() === 14, "the matrix has 14 rows");
  must(await page.locator(".kpi").count() >= 3, "targets stand above the matrix");
  must(await page.locator("a.tile").count() > 100, "every neighbourhood is a tile");
  await judge(page, findings);
  const receipt = page.locator("main p", { hasText: "结果校验码" });
  const today = await receipt.innerText();

  // A red cell leads to the clause, the figures, and the records that did and did not count.
  const red = await page.locator(".matrix td.bad a").first().getAttribute("href");
  await page.locator(".matrix td.bad a").first().click();
  await page.waitForURL(url => url.pathname.includes("/why/"));
  await sees(page, "未达标");
  await sees(page, /4[A-Z]?\.\d|[2-5]\.\d/, "a clause");
  for (const word of ["现值", "标准", "这个数怎么来的", "依据条款"]) await sees(page, word);
  await sees(page, "结果校验码");
  await rejected(page, red);

  // Another day is another answer with a receipt of its own.
  await page.goto("/district");
  await Promise.all([page.waitForURL(/as_of=2023-06-30/), page.locator("[name=as_of]").fill("2023-06-30")]);
  const then = await receipt.innerText();
  must(then.includes("2023-06-30") && then !== today, `the receipt stayed: ${then}`);
  const links = await page.locator(".matrix tbody th a").first().getAttribute("href");
  must(links.includes("as_of=2023-06-30"), "links keep the day that was asked for");

  await page.goto("/policy");
  await sees(page, "口径选择");
  await sees(page, /必须|原则上/);
  must(await page.locator(".policy-clause .badge").count() > 20, "clauses carry live counts");
  await preview(page);
  await whatIf(page);
}

/** A row that did not count says why, and leads to its record. */
async function rejected(page, first) {
  await page.goto("/district");
  const cells = await page.locator(".matrix td.bad a").evaluateAll(all => all.map(a => a.getAttribute("href")));
  for (const cell of [first, ...cells]) {
    await page.goto(cell);
    const out = page.locator("li.out").filter({ has: page.locator(".reason") });
    const link = out.locator("a[href]");
    if (await link.count() === 0) continue;
    must((await out.locator(".reason").first().innerText()).trim().length > 1, "a rejected row says why");
    const href = await link.first().getAttribute("href");
    const answer = await page.goto(href);
    must(answer.status() === 200, `${cell} offers ${href}, which answers ${answer.status()}`);
    return;
  }
  throw new Error("no red cell of the matrix has a rejected row that leads to its record");
}

/** A preview of another reading says what would change, and changes nothing. */
async function preview(page) {
  await page.goto("/policy");
  const options = await page.locator(".policy-side a[href^='/policy/options/']").evaluateAll(all => all.map(a => a.getAttribute("href")));
  must(options.length > 5, `the policy offers ${options.length} readings`);
  let flips = 0;
  for (const option of options) {
    await page.goto(option);
    const others = await page.locator("a[href*='?value=']").evaluateAll(all => all.map(a => a.getAttribute("href")));
    must(others.length > 0, `${option} has no other reading`);
    await page.goto(others[0]);
    await sees(page, /处结论会变/);
    flips += await page.locator(".flips li").count();
    if (flips > 0) break;
  }
  must(flips > 0, "some reading flips some verdict in the demonstration");
}

/** Ending the people of a station, on trial: verdicts flip, and afterwards the board is as it was. */
async function whatIf(page) {
  await page.goto("/district");
  const station = await page.locator(".matrix tbody tr").nth(4).locator("th a").getAttribute("href");
  const id = station.split("/").pop();
  const board = async () => { await page.goto(station); return page.locator("main .summary").first().innerText(); };
  const before = await board();
  await page.goto(`/whatif?site=${id}`);
  const ends = page.locator("input[name^='end:posts:']");
  must(await ends.count() > 0, "the station's posts can be ended on trial");
  for (const box of await ends.all()) await box.check();
  await Promise.all([page.waitForNavigation(), page.locator("main form[method=post] button.btn-primary").click()]);
  await sees(page, /变差 [1-9]\d* 处。没有保存任何内容/);
  must(await page.locator(".flips li").count() > 0, "flips are listed");
  const after = await board();
  must(after === before, `the trial changed the board:\n${before}\n${after}`);
}
