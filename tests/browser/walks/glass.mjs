// An emergency: the district opens one file for an hour with a second factor and a reason; everybody who should know knows at once,
// and the look stands on record until somebody else has judged it.
import { createHmac } from "node:crypto";

import { go, judge, must, person, PHONE, put, sees, shot, status } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const keeper = await person(browser, findings, "su");
  const [href, number] = await hidden(keeper);
  const head = await person(browser, findings, "shen");
  // To the district the file is not there.
  must([403, 404].includes(await status(head, href)), `${href} is open to the district`);
  await head.goto("/glass/new");
  must(await head.locator("[name=whom]").count() === 0, "the form waits for the second factor");
  await shot(head, "glass-step");
  await enrols(head);
  await head.goto("/glass/new");
  await put(head, { whom: number, words: "短" });
  // The browser itself would hold it back; the server must, too.
  await head.evaluate(() => { document.querySelector("main form").noValidate = true; });
  await go(head, head.getByRole("button", { name: "打开档案" }));
  await sees(head, "请选择事由");
  must(await head.locator("[name=whom]").inputValue() === number, "the number is kept");
  await judge(head, findings);
  await shot(head, "glass-refused");
  await put(head, { reason: "life", words: "邻居报告孩子两日未归，电话不通，主责社工休假" });
  await go(head, head.getByRole("button", { name: "打开档案" }));
  must(new URL(head.url()).pathname === href, `the file opens: ${head.url()}`);
  await sees(head, "档案已打开，一小时内有效", "the page says how long");
  must(await head.locator("a[href^='/visits/new'], a[href^='/cases/new']").count() === 0, "a look writes nothing");
  await judge(head, findings);
  await shot(head, "glass-file");

  // The worker who looks after the child is told, by number and not by name.
  await keeper.goto("/notices");
  await sees(keeper, `紧急查阅了服务对象 ${number}`);
  await shot(keeper, "glass-notice");
  const auditor = await person(browser, findings, "yan");
  await auditor.goto("/notices");
  await sees(auditor, "紧急查阅");
  must([403, 404].includes(await status(auditor, href)), "the auditor sees who looked, not the file");

  await head.goto("/glass");
  await sees(head, "待复核");
  must(await head.locator("button[value=right]").count() === 0, "nobody judges their own look");
  for (const view of [undefined, PHONE]) {
    if (view) await head.setViewportSize(view);
    await judge(head, findings);
    await shot(head, "glass-list");
  }
}

/** A client of the school's worker: address and short number. */
async function hidden(page) {
  await page.goto("/clients");
  const link = page.locator("main a[href^='/clients/']").filter({ hasNotText: /新增|登记|查重/ });
  for (const one of await link.all()) {
    const href = await one.getAttribute("href");
    if (!/^\/clients\/[0-9a-f-]{30,}$/.test(href)) continue;
    await page.goto(href);
    const number = /No\. (\d+)/.exec(await page.locator("main").innerText());
    must(number, `${href} shows no number`);
    return [href, number[1]];
  }
  throw new Error("the worker looks after nobody");
}

/** An authenticator is set up as a person does it: the secret read from the page, the code of this half minute typed. */
async function enrols(page) {
  await page.goto("/me/factor");
  await go(page, page.getByRole("button").filter({ hasText: /绑定|开始|启用|设置/ }).first());
  const secret = (await page.locator("code.secret").innerText()).replaceAll(/\s/g, "");
  await shot(page, "glass-enrol");
  await page.locator("[name=code]").fill(code(secret));
  await go(page, page.locator("form[action='/me/factor/confirmation'] button"));
  must(await page.locator("ol.codes li").count() === 10, "ten recovery codes are shown once");
}

/** Six digits of RFC 6238 for now. */
function code(secret) {
  let bits = "";
  for (const c of secret.replaceAll("=", "")) bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0");
  const key = Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac.at(-1) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
