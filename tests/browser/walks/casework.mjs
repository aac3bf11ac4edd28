// A case from the first visit of a new resident to the follow-up: the worker writes, the head approves, a note survives a reload, the goals are
// scored, the closed file is sealed. Then one note typed on two devices at once.
import { ago, go, judge, must, person, PHONE, put, sees, shot } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const worker = await person(browser, findings, "fan");
  const head = await person(browser, findings, "lin");
  const client = await arrives(worker);
  const at = await opens(worker, client);
  await judge(worker, findings);
  await approves(head, at, "开案");
  await head.goto(at);
  await sees(head, "按最小知情原则");
  await judge(head, findings);
  await shot(head, "case-head");

  await worker.goto(at);
  await sees(worker, "进入“计划”还缺");
  await sheet(worker, at, "assessment", { "needs.0.need": "居家安全", "needs.1.need": "有人往来", strengths: "爱唱歌，女儿每周来", risk: "low", conclusion: "可以服务" });
  await sheet(worker, at, "consent", { client: "竺慧兰", content: "居家安全与社会参与", service: "yes", personal: "yes", sensitive: "yes", sharing: "yes", recording: "no", photo: "no", publicity: "no", form: "signed" });
  await advance(worker, at);
  await worker.goto(`${at}/forms/service_plan`);
  await shot(worker, "case-plan-form");
  await sheet(worker, at, "service_plan", {
    aim: "住得安全，有人来往", "goals.0.statement": "家中四处隐患改好", "goals.0.due": ago(-30), "goals.1.statement": "每周和人来往一次", "goals.1.due": ago(-60),
    "actions.0.what": "换插线板", "actions.0.who": "范海涛", review: ago(-40), end_criteria: "隐患清零", agreed: "yes",
  });
  await advance(worker, at);
  await worker.goto(`${at}/plan`);
  await sees(worker, "家中四处隐患改好");
  await judge(worker, findings);
  await shot(worker, "case-plan");

  await notes(worker, at);
  await worker.setViewportSize(PHONE);
  for (const tab of ["", "/assessment", "/plan", "/process", "/referrals", "/file", "/reviews", "/notes/new"]) {
    await worker.goto(at + tab);
    await judge(worker, findings);
    await shot(worker, `case${tab.replaceAll("/", "-")}`);
  }
  await worker.setViewportSize({ width: 1366, height: 900 });
  await twoDevices(browser, findings, worker, at);

  // What the goals came to, on the scale from −2 to +2.
  await worker.goto(`${at}/plan`);
  for (const [n, level] of ["1", "0"].entries()) {
    const goal = worker.locator("form[action*='/goals/']").nth(n);
    await goal.locator("[name=level]").selectOption(level);
    await go(worker, goal.locator("button"));
  }
  await sees(worker, /T\D{0,8}5\d/, "the goals make a T score");
  await advance(worker, at);
  await sheet(worker, at, "evaluation", { phase: "end", "goals.0.statement": "家中四处隐患改好", "goals.0.level": "1", reflection: "先听她讲，再谈改造。" });
  await worker.goto(at);
  must(await worker.getByRole("button", { name: "申请结案" }).count() === 0, "closing waits for the closure report");
  await sheet(worker, at, "closure", { reason: "met", summary: "五次服务，隐患清零。", "goals.0.goal": "家中四处隐患改好", "goals.0.result": "full", informed_on: ago(0) });
  await worker.goto(at);
  await shot(worker, "case-closing");
  await go(worker, worker.getByRole("button", { name: "申请结案" }).first());
  await sees(worker, "等待审批");
  await approves(head, at, "结案");

  await worker.goto(`${at}/file`);
  await sees(worker, "SHA-256");
  await shot(worker, "case-sealed");
  await worker.goto(`${at}/notes/new`);
  await sees(worker, /档案已封存|没有/, "a closed file takes no note");
  await worker.goto(at);
  await sees(worker, ago(0));
  await sheet(worker, at, "follow_up", { mode: "phone", state: "一切都好，灯和插座都换了", decision: "continue", next_date: ago(-60) });
  await worker.goto(at);
  await sees(worker, "回访");
  await judge(worker, findings);
  await shot(worker, "case-followed");
}

/** A new resident, taken on by the worker who met her. */
async function arrives(page) {
  await page.goto("/clients/new");
  await put(page, { name: "竺慧兰" });
  await go(page, page.locator("main form button[type=submit]").first());
  await put(page, { name: "竺慧兰", birth: "1949-05-06" });
  await page.locator("[name=region]").selectOption({ index: 1 });
  await page.locator("[name=categories][value=duju]").check({ force: true });
  const worker = page.locator("[name=worker]");
  if (await worker.count() > 0) await worker.selectOption({ label: "范海涛" });
  await go(page, page.locator("main form button[type=submit]").first());
  await sees(page, "竺慧兰");
  return new URL(page.url()).pathname.split("/")[2];
}

async function opens(page, client) {
  await page.goto(`/cases/new?client=${client}`);
  await put(page, { kind: "general", source: "visit" });
  await go(page, page.getByRole("button", { name: "登记接案" }));
  await sees(page, "接案登记表");
  const at = new URL(page.url()).pathname.replace("/forms/intake", "");
  // A sheet that lacks something is refused at the field and keeps what was typed.
  await put(page, { problem: "独居，膝盖疼，怕夜里跌倒" });
  await go(page, page.locator("button[name=stage]").nth(1));
  must(await page.locator(".error-summary").count() === 1, "an empty intake is refused");
  must(await page.locator("[name=problem]").inputValue() === "独居，膝盖疼，怕夜里跌倒", "the words are kept");
  await shot(page, "case-intake");
  await sheet(page, at, "intake", { source: "visit", name: "竺慧兰", problem: "独居，膝盖疼，怕夜里跌倒", danger: "no", judgement: "需要居家安全支持", decision: "accept" });
  await page.goto(at);
  await sees(page, "等待审批");
  return at;
}

/** Fills in a document and hands it in as final. */
async function sheet(page, at, form, values) {
  await page.goto(`${at}/forms/${form}`);
  await put(page, values);
  const stages = page.locator("button[name=stage]:not([value=draft])");
  await go(page, stages.last());
  const wrong = page.locator(".error-summary");
  if (await wrong.count() > 0) throw new Error(`${form} is refused: ${await wrong.innerText()}`);
}

async function advance(page, at) {
  await page.goto(at);
  await go(page, page.locator("form[action$='/stage'] button.btn-primary"));
}

async function approves(page, at, what) {
  await page.goto("/cases/inbox");
  const one = page.locator("section.card", { has: page.locator(`a[href="${at}"]`) });
  must((await one.innerText()).includes(what), `the head sees ${what}`);
  await shot(page, "case-inbox");
  await go(page, one.getByRole("button", { name: "同意" }));
}

async function notes(page, at) {
  await page.goto(`${at}/notes/new`);
  await page.locator("[name=facts]").fill("血压平稳，说想学用手机。");
  await page.waitForResponse(r => r.url().includes("/api/v1/drafts/") && r.request().method() === "PUT" && r.ok(), { timeout: 15_000 });
  await page.reload();
  await page.locator(".draft-banner button").first().click();
  must(await page.locator("[name=facts]").inputValue() === "血压平稳，说想学用手机。", "the draft came back");
  await put(page, { mode: "home", minutes: "45" });
  await go(page, page.getByRole("button", { name: "保存记录" }));
  await sees(page, "说想学用手机");
  // Written after three days, a note says so itself.
  await page.goto(`${at}/notes/new`);
  must(await page.locator(".draft-banner").count() === 0, "the draft went with the note");
  await put(page, { mode: "phone", minutes: "15", facts: "她说灯已经换了。" });
  await go(page, page.getByRole("button", { name: "保存记录" }));
  await shot(page, "case-process");
}

/** The same note on the office computer and on a phone: both texts are shown side by side, nothing is dropped before a person says so. */
async function twoDevices(browser, findings, desk, at) {
  const phone = await person(browser, findings, "fan", { viewport: PHONE });
  // The second device hears 412: that is the point.
  await desk.goto(`${at}/notes/new`);
  await phone.goto(`${at}/notes/new`);
  const kept = (page, status) => page.waitForResponse(r => r.url().includes("/api/v1/drafts/") && r.request().method() === "PUT" && r.status() === status, { timeout: 15_000 });
  await Promise.all([kept(desk, 200), desk.locator("[name=facts]").fill("办公室里写的一句。")]);
  await Promise.all([kept(phone, 412), phone.locator("[name=facts]").fill("手机上写的一句。")]);
  await phone.locator(".draft-compare").waitFor();
  const shown = await phone.locator(".draft-compare").innerText();
  must(shown.includes("办公室里写的一句") && shown.includes("手机上写的一句"), `both are shown: ${shown}`);
  await judge(phone, findings);
  await shot(phone, "draft-two");
  await phone.locator("input[name='draft-choice-facts'][value=mine]").check();
  await phone.locator(".draft-compare button").last().click();
  must(await phone.locator("[name=facts]").inputValue() === "手机上写的一句。", "what was chosen stands in the form");
  await put(phone, { mode: "phone", minutes: "10" });
  await go(phone, phone.getByRole("button", { name: "保存记录" }));
  await sees(phone, "手机上写的一句");
  await phone.context().close();
}
