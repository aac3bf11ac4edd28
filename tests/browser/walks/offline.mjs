// Visits in a basement: a worker takes today's clients along on a phone, loses the network, records two visits in few taps, and finds both
// on the server once when the network is back. A session that is ended elsewhere makes the phone forget.
import { base, must, person, PHONE, sees, signIn, window } from "../lib.mjs";

const MOST_TAPS = 12;

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "fan", { viewport: PHONE });
  // The network is cut and the session ended elsewhere on purpose.
  page.meant = /ERR_INTERNET_DISCONNECTED|status of 401/;
  const context = page.context();
  await page.goto("/offline");
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null || navigator.serviceWorker.ready);
  await page.locator("[data-offline-cards] [data-go]").first().waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  // The shell is kept before the network goes.
  await page.waitForFunction(async () => (await (await caches.open("wushe-shell")).keys()).length > 3);
  const names = await page.locator("[data-offline-cards] [data-name]").allInnerTexts();
  must(names.length >= 2, `only ${names.length} clients were taken along`);

  // Nothing readable lies on the phone.
  const lies = await dump(page);
  must(lies.cards.length === 1 && !names.some(n => JSON.stringify(lies).includes(n)), "names lie open in the store");

  await context.setOffline(true);
  await page.reload();
  await page.locator("[data-offline-cards] [data-go]").first().waitFor();
  await sees(page, "离线");

  let taps = 0;
  const tap = async at => { taps += 1; await at.click(); };
  const first = page.locator("[data-offline-cards] > li").nth(0);
  await tap(first.locator("[data-go]"));
  await tap(page.locator("[name=normal]"));
  await tap(page.locator("[data-offline-record] button[type=submit]"));
  await page.getByText("离线已存 1 条").first().waitFor();
  must(taps <= MOST_TAPS, `a normal visit took ${taps} taps`);

  // The second found something: more taps, a few words.
  const second = page.locator("[data-offline-cards] > li").nth(1);
  await second.locator("[data-go]").click();
  await page.locator("[name=concerns][value=housing]").click();
  await page.locator("[data-offline-record] [name=note]").fill("地下室漏水，电线裸露。");
  await page.locator("[data-offline-record] button[type=submit]").click();
  await page.getByText("离线已存 2 条").first().waitFor();

  // It survives a reload in the basement.
  await page.reload();
  await page.getByText("离线已存 2 条").first().waitFor();
  must(await page.locator("[data-done]:visible").count() === 2, "what was recorded is marked");

  await context.setOffline(false);
  await page.waitForFunction(() => document.querySelector("[data-offline-saved]").textContent === document.body.dataset.wordsSent, undefined, { timeout: 20_000 });
  must((await dump(page)).ops.length === 0, "acknowledged records are dropped from the phone");

  // On the server: each once, in the client's own list, and in the ledger by way of the client's figures.
  await page.goto("/visits?show=all");
  for (const [n, name] of names.slice(0, 2).entries()) {
    await page.goto("/visits?show=all");
    await page.locator(".visit-who a", { hasText: name }).first().click();
    const today = await page.locator(".visit-lines b.tnum").allInnerTexts();
    const day = (await page.evaluate(() => document.querySelector(".visit-lines b.tnum").textContent)).slice(0, 10);
    must(today.filter(t => t.startsWith(day)).length === 1, `${name} has ${today.length} visits, on ${day} not one`);
    if (n === 1) await sees(page, "地下室漏水");
  }

  // Somebody ends the session from another computer: on the next contact the phone forgets.
  await page.goto("/offline");
  await page.locator("[data-offline-cards] [data-go]").first().waitFor();
  const desk = await window(browser, findings);
  await signIn(desk, "fan");
  await desk.goto("/me");
  // The phone's session is the one without the mark of this browser.
  const ends = desk.locator("tr", { hasNot: desk.locator(".badge") }).locator("form[action^='/me/sessions/'] button");
  must(await ends.count() > 0, `${base}/me offers no way to end another session`);
  await Promise.all([desk.waitForNavigation(), ends.first().click()]);
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.locator("[data-offline-signin]:not([hidden])").waitFor();
  must((await dump(page)).cards.length === 0, "the phone kept who was taken along");
  must(await page.evaluate(() => sessionStorage.getItem("wushe.offline.session")) === null, "the key is still there");
  must(await page.locator("[data-offline-cards] li").count() === 0, "names are still shown");
}

/** What lies in the phone's store. */
function dump(page) {
  return page.evaluate(() => new Promise((done, failed) => {
    const asked = indexedDB.open("wushe-offline", 1);
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const tx = asked.result.transaction(["cards", "ops"], "readonly");
      const cards = tx.objectStore("cards").getAll();
      const ops = tx.objectStore("ops").getAll();
      tx.oncomplete = () => { asked.result.close(); done({ cards: cards.result, ops: ops.result }); };
    };
  }));
}
