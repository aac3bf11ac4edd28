// The API's description as it goes over the wire to somebody signed in.
import { must, person } from "../lib.mjs";

export default async function ({ browser, findings }) {
  const page = await person(browser, findings, "yan");
  const answer = await page.request.get("/api/v1/openapi.json");
  must(answer.status() === 200, `the description answers ${answer.status()}`);
  return answer.text();
}
