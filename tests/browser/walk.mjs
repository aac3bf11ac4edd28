// node walk.mjs <name>: one walk. What it was asked comes on standard input; what it found wrong goes to standard error.
import { open, Findings } from "./lib.mjs";

const LONGEST = 220_000;
setTimeout(() => { console.error("the walk took too long"); process.exit(1); }, LONGEST).unref();

let asked = "";
for await (const part of process.stdin) asked += part;
const { default: walk } = await import(`./walks/${process.argv[2]}.mjs`);
const browser = await open();
const findings = new Findings();
try {
  const said = await walk({ browser, findings, asked });
  findings.end();
  if (said !== undefined) process.stdout.write(said);
} catch (e) {
  const more = findings.all.length > 0 && !e.message.includes("finding(s)") ? `\nbesides:\n${findings.all.join("\n")}` : "";
  console.error(`${process.argv[2]} ${asked.slice(0, 20)}: ${e.stack ?? e}${more}`);
  process.exitCode = 1;
} finally {
  await browser.close();
}
