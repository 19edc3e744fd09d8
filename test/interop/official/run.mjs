// Runs the tests of the official clients with ours, in Node: node run.mjs URL, where URL has the support servers.
// Prints a line of JSON for each test: its title and what went wrong, which is "" when nothing did.

import { WebSocket } from "ws";
import { run } from "./kit.mjs";
import { files } from "./files.mjs";

const [url, module = "../../../browser/dist/node.mjs"] = process.argv.slice(2);
const client = await import(module);
const said = (title, wrong) => console.log(JSON.stringify([title, wrong]));
const place = { node: true, socket: url, engine: url, silent: { path: "/silent" }, options: { WebSocket } };

process.on("uncaughtException", (err) => said("uncaught", err.stack));
await run(files, client, place, 12, said);
process.exit(0);
