// Runs the cases of files with a client, one after the other: node run.mjs URL TRANSPORTS FILE...
// The client is the official one, or the module that CLIENT names; PARSER names the module of its parser.
// Prints a line of JSON for each: its name and what went wrong, which is "" when nothing did.
// Lists the cases, one "FILE CASE" to a line: node run.mjs --list

import { readdirSync } from "node:fs";
import { WebSocket } from "ws";
import { attempt } from "./lab.mjs";

const [url, transports, ...files] = process.argv.slice(2);

if (url === "--list") {
  for (const file of readdirSync(new URL("cases", import.meta.url)).sort()) {
    for (const name of Object.keys(await import(`./cases/${file}`))) {
      console.log(file.replace(/\.mjs$/, ""), name);
    }
  }
} else {
  const more = { WebSocket }; // for a client that has none of its own
  if (process.env.PARSER) more.parser = await import(process.env.PARSER);
  for (const file of files) {
    for (const [name, run] of Object.entries(await import(`./cases/${file}.mjs`))) {
      console.log(JSON.stringify([name, await attempt(run, url, transports.split(","), more)]));
    }
  }
}
