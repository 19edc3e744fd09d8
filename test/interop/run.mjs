// Runs the cases of a file with the official client, one after the other: node run.mjs URL TRANSPORTS FILE
// Prints a line of JSON for each: its name and what went wrong, which is "" when nothing did.
// Lists the cases, one "FILE CASE" to a line: node run.mjs --list

import { readdirSync } from "node:fs";
import { attempt } from "./lab.mjs";

const [url, transports, file] = process.argv.slice(2);

if (url === "--list") {
  for (const file of readdirSync(new URL("cases", import.meta.url)).sort()) {
    for (const name of Object.keys(await import(`./cases/${file}`))) {
      console.log(file.replace(/\.mjs$/, ""), name);
    }
  }
} else {
  for (const [name, run] of Object.entries(await import(`./cases/${file}.mjs`))) {
    console.log(JSON.stringify([name, await attempt(run, url, transports.split(","))]));
  }
}
