// A referral by link: written and sent by the worker, opened and accepted in a second browser that has no account, closed to a third.
import { judge, must, person, PHONE, sees, status, window } from "../lib.mjs";

const go = (page, button) => Promise.all([page.waitForNavigation(), button.click()]);

export default async function ({ browser, findings }) {
  const fan = await person(browser, findings, "fan");
  await fan.goto("/referrals");
  await judge(fan, findings);
  await fan.goto("/referrals/new");
  const first = fan.locator("main .list-group a").first();
  const client = (await first.innerText()).trim();
  await go(fan, first);
  await go(fan, fan.getByRole("link", { name: "医疗康复" }));
  await judge(fan, findings);
  await fan.locator(".receivers label", { hasText: "云汀虚构康复医院" }).locator("input").check();
  await fan.locator("[name=reason]").fill("出院后需要上门康复");
  await fan.locator("[name=summary]").fill("行走困难，能自己吃饭");
  await fan.locator("[name=shares][value=phone]").setChecked(false, { force: true });
  await go(fan, fan.getByRole("button", { name: "保存草稿" }));
  await sees(fan, "将要共享的内容");

  // Nothing leaves without consent.
  await go(fan, fan.getByRole("button", { name: "核对无误，发出" }));
  await sees(fan, "没有同意或法定事由，不能发出");
  await go(fan, fan.getByRole("link", { name: "修改草稿" }));
  await fan.locator("[name=basis][value=own]").check({ force: true });
  await fan.locator("[name=consent_by]").fill("本人");
  await fan.locator("[name=consent_on]").fill(await fan.evaluate(() => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)));
  await fan.locator("[name=consent_form][value=written]").check({ force: true });
  await go(fan, fan.getByRole("button", { name: "保存草稿" }));
  await go(fan, fan.getByRole("button", { name: "核对无误，发出" }));
  await sees(fan, "已发出");
  const at = new URL(fan.url()).pathname;
  await judge(fan, findings);
  await fan.goto(`${at}/sheet`);
  await sees(fan, "转介单");
  await fan.goto(at);
  await go(fan, fan.getByRole("button", { name: "生成链接和二维码" }));
  const address = (await fan.locator(".link-address").innerText()).trim();
  const code = (await fan.locator(".link-code").innerText()).trim();
  must(/^\d{4}$/.test(code), `the code is ${code}`);
  must(await fan.locator(".link-qr svg").count() === 1, "there is a QR code");
  await judge(fan, findings);

  const nurse = await window(browser, findings, { viewport: PHONE });
  await nurse.goto(address);
  await sees(nurse, "收件码");
  must(!(await nurse.locator("body").innerText()).includes(client), "the code comes first");
  await judge(nurse, findings);
  await nurse.locator("[name=code]").fill(code === "0000" ? "1111" : "0000");
  await go(nurse, nurse.getByRole("button", { name: "打开" }));
  await sees(nurse, "收件码不对");
  await nurse.locator("[name=code]").fill(code);
  await go(nurse, nurse.getByRole("button", { name: "打开" }));
  await sees(nurse, client);
  await sees(nurse, "行走困难");
  must(!(await nurse.locator("dl.packet").innerText()).includes("电话"), "what was not ticked is not there");
  await judge(nurse, findings);
  const small = await nurse.evaluate(() => [...document.querySelectorAll("main button, main input:not([type=hidden])")].filter(e => e.getBoundingClientRect().height < 58).map(e => e.outerHTML.slice(0, 60)));
  must(small.length === 0, `too small to touch: ${small.join("；")}`);
  for (const path of ["/referrals", at, "/clients"]) {
    await nurse.goto(path);
    must(new URL(nurse.url()).pathname === "/session/new", `${path} is open without an account`);
  }

  // The same link elsewhere is as if it were not there.
  const other = await window(browser, findings);
  must(await status(other, address) === 404, "a second browser opens the link");
  must(!(await other.locator("body").innerText()).includes(client), "and shows nothing");

  await nurse.goto(address);
  await nurse.locator("[name=who]").fill("余护士");
  await go(nurse, nurse.getByRole("button", { name: "受理", exact: true }));
  await sees(nurse, "已收到您的答复");
  await sees(nurse, "开始服务");

  await fan.goto(at);
  await sees(fan, "已受理");
  await sees(fan, "余护士");
  await sees(fan, "别的浏览器尝试打开");
  await fan.getByText("停用链接").first().click();
  await go(fan, fan.getByRole("button", { name: "确认" }));
  must(await status(nurse, address) === 404, "a revoked link opens");
  await sees(nurse, "已停用");
}
