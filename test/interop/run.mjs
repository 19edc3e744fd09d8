// Runs one case with the official client: node run.mjs URL TRANSPORTS FILE CASE
// Lists the cases, one "FILE CASE" to a line: node run.mjs --list
// A case is an exported function of a file in cases/. It passes when it returns, and gets what lab() makes.

import { readdirSync } from "node:fs";
import { lab } from "./lab.mjs";

const [url, transports, file, name] = process.argv.slice(2);

if (url === "--list") {
  for (const file of readdirSync(new URL("cases", import.meta.url)).sort()) {
    for (const name of Object.keys(await import(`./cases/${file}`))) {
      console.log(file.replace(/\.mjs$/, ""), name);
    }
  }
  process.exit(0);
}

const run = (await import(`./cases/${file}.mjs`))[name];
if (!run) {
  console.error(`no case ${name} in cases/${file}.mjs`);
  process.exit(2);
}
const bench = lab(url, transports.split(","));
const patience = setTimeout(() => fail(new Error("the case did not end within 30 s")), 30_000);

function fail(err) {
  console.error(err?.stack ?? err);
  console.error(bench.story().join("\n"));
  process.exit(1);
}

try {
  await run(bench);
} catch (err) {
  fail(err);
}
clearTimeout(patience);
bench.close();
