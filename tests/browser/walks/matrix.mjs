// Every question without an id, asked by every account: open to whom the matrix opens it, closed to the others.
import { base, person, window } from "../lib.mjs";

export default async function ({ browser, findings, asked }) {
  const doors = JSON.parse(asked);
  const logins = [...new Set(doors.flatMap(d => [...d.open, ...d.closed]))];
  for (const login of logins) {
    const page = await person(browser, findings, login);
    for (const door of doors) {
      const answer = await page.request.get(door.path, { maxRedirects: 0 });
      const status = answer.status();
      const where = `${door.path} (${login})`;
      if (door.open.includes(login)) {
        findings.check(status < 300 || status === 303 || status === 307, where, `the matrix opens it, it answers ${status}`);
      } else {
        findings.check(status === 403 || status === 404, where, `the matrix closes it, it answers ${status}`);
      }
    }
    await page.context().close();
  }
  // Who has not signed in gets nothing but what is public.
  const stranger = await window(browser, findings);
  for (const door of doors.filter(d => d.closed.length > 0)) {
    const answer = await stranger.request.get(door.path, { maxRedirects: 0 });
    const led = answer.status() === 303 && answer.headers().location.startsWith("/session/new");
    findings.check(led || answer.status() === 401, `${door.path} (nobody)`, `answers ${answer.status()}`);
  }
  findings.check(doors.length > 0 && base.startsWith("http"), "matrix", "nothing was asked");
}
