// A group from plan to closing: approved by the head, two members, four sessions with attendance, one signed in at the door by a phone; the
// figures are the rows' sums; the gate names what is missing until nothing is.
import { ago, go, judge, must, person, PHONE, put, sees, shot, window } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "fan");
  const head = await person(browser, findings, "lin");
  await page.goto("/groups/new");
  await put(page, { name: "楼道里的晚饭桌", openness: "closed", target: "独居老人", goals: "彼此认识，约着吃饭", size: "8", planned: "4" });
  for (const name of ["kind", "site", "lead"]) if (await page.locator(`[name=${name}]`).inputValue() === "") await page.locator(`[name=${name}]`).selectOption({ index: 1 });
  await page.locator("[name=lead]").selectOption({ label: "范海涛" });
  await shot(page, "group-new");
  await go(page, page.locator("main form button[type=submit]").first());
  const at = new URL(page.url()).pathname;
  await go(page, page.getByRole("button", { name: "提交审批" }));
  must(await page.locator("button[value=approved]").count() === 0, "nobody approves their own plan");
  await head.goto(at);
  await go(head, head.locator("button[value=approved]"));
  await page.goto(at);
  await judge(page, findings);
  await shot(page, "group-plan");

  // Two come from outside the files, with a phone number for the door.
  await page.goto(`${at}/members`);
  for (const [name, phone] of [["章女士", "13900001234"], ["褚先生", "13900005678"]]) {
    await put(page, { name, phone });
    await go(page, page.getByRole("button", { name: "登记报名" }));
  }
  for (const n of [0, 1]) {
    await page.goto(`${at}/members`);
    await page.locator("tbody a.btn").nth(n).click();
    await page.waitForURL(/\/members\/.+/);
    await put(page, { outcome: "accepted", on: ago(40) });
    await go(page, page.locator("form[action$='/screening'] button"));
  }
  await page.goto(`${at}/evaluation`);
  for (const lacks of ["至少要 4 节", "没有签小组契约", "没有总结评估报告"]) await sees(page, lacks);
  must(await page.getByText("结束小组", { exact: true }).count() === 0, "the gate is shut");
  await page.goto(`${at}/members`);
  await go(page, page.getByRole("button", { name: "登记全部签约" }));
  await shot(page, "group-members");

  // A month of sessions: one absent once, a neighbour looks in.
  for (const [n, days] of [28, 21, 14, 0].entries()) {
    await page.goto(`${at}/sessions/new`);
    await put(page, { theme: `第${n + 1}顿饭`, day: ago(days), begins: "17:00", ends: "18:30", place: "三楼活动室" });
    await go(page, page.locator("main form button[type=submit]").first());
    await page.goto(`${at}/sessions`);
    await page.locator("tbody tr").nth(n).locator("a").first().click();
    await page.waitForURL(/\/sessions\/.+/);
    const session = new URL(page.url()).pathname;
    if (days === 0) await signsIn(browser, findings, page, session);
    await page.goto(`${session}/record`);
    const marks = page.locator("[name^='mark-'][value=present]");
    for (let m = 0; m < 2; m += 1) await marks.nth(m).check({ force: true });
    if (n === 1) await page.locator("[name^='mark-'][value=absent]").nth(1).check({ force: true });
    await put(page, { happened: "轮流带一道菜，聊起年轻时的事。", others: n === 0 ? "1" : "0" });
    if (n === 0) { await page.setViewportSize(PHONE); await judge(page, findings); await shot(page, "group-record"); await page.setViewportSize({ width: 1366, height: 900 }); }
    await go(page, page.locator("main form button[type=submit]").first());
    const wrong = page.locator(".error-summary");
    if (await wrong.count() > 0) throw new Error(`session ${n + 1}: ${await wrong.innerText()}`);
    await shot(page, `group-session-${n}`);
  }
  await page.goto(`${at}/sessions`);
  const sum = await page.locator("tfoot").innerText();
  must(/7 \/ 8/.test(sum) && /87\.5%/.test(sum), `seven of eight attendances: ${sum}`);
  await judge(page, findings);
  await shot(page, "group-sessions");

  await page.goto(`${at}/report`);
  must(await page.locator("[name=person_times]").inputValue() !== "", "the figures are not typed");
  await shot(page, "group-report");
  await put(page, { "goals.0.goal": "彼此认识", "goals.0.result": "full", process: "四次都按计划。", reflection: "菜少一点，话多一点。" });
  await go(page, page.locator("main form button[type=submit]").first());
  // One phase after the other, to the ending.
  await page.goto(at);
  for (const phase of ["transition", "working", "ending"]) await go(page, page.locator(`button[name=phase][value=${phase}]`));
  await page.goto(`${at}/evaluation`);
  await sees(page, "都齐了，可以结束");
  await judge(page, findings);
  await shot(page, "group-gate");
  await page.locator("details.confirm summary", { hasText: "结束小组" }).click();
  await go(page, page.locator(`form[action$='/closing'] button`));
  await page.goto(at);
  await sees(page, "已结束");
  must(await page.locator("a[href$='/edit']").count() === 0, "a closed group is not changed");
  // The hours counted once, for the worker who led it.
  await page.goto("/groups?phase=closed");
  await sees(page, "楼道里的晚饭桌");
  await judge(page, findings);
}

/** The code at the door: a member without an account signs in with the last two digits of the phone number. */
async function signsIn(browser, findings, page, session) {
  await page.goto(`${session}/door`);
  await go(page, page.getByRole("button", { name: "打开签到" }));
  const address = (await page.locator(".door-address").innerText()).trim();
  await shot(page, "group-door");
  const phone = await window(browser, findings, { viewport: PHONE });
  await phone.goto(new URL(address).pathname);
  await judge(phone, findings);
  await phone.locator("[name=digits]").fill("34");
  await go(phone, phone.locator("main form button").first());
  await sees(phone, "签到");
  must(await phone.locator(".notice-ok").count() === 1, "the phone is told that it is done");
  await shot(phone, "group-signed");
  await phone.context().close();
  await page.goto(`${session}/record`);
  await sees(page, "已签到");
}
