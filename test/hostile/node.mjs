// Plays clients in Node.js: node node.mjs URL plays the cases that URL/cases lists, and prints the stories of all as JSON.
// node node.mjs URL hold plays the floods that URL/floods lists, one after the other, and prints for each how many bytes
// the client held when its server had nothing more to say.

import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { io } from "../../browser/dist/node.mjs";
import { playAll } from "./play.mjs";

const { WebSocket } = createRequire(import.meta.url)("ws"); // by NODE_PATH
const [base, hold] = process.argv.slice(2);
setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

process.on("uncaughtException", (err) => {
  console.error("uncaught:", err);
  process.exitCode = 1;
});

const listed = async (what) => (await fetch(base + what)).json();

if (!hold) {
  console.log(JSON.stringify(await playAll(io, base, await listed("/cases"), { WebSocket })));
} else {
  const held = {};
  for (const { name, transport } of await listed("/floods")) held[name] = await flood(name, transport);
  console.log(JSON.stringify(held));
}
process.exit();

async function flood(name, transport) {
  const before = await used();
  const s = io(base, { WebSocket, path: "/" + name.replaceAll(" ", "-"), forceNew: true, reconnection: false, transports: [transport] });
  s.on("e", () => {});
  s.on("q", (answer) => answer());
  await fetch(`${base}/exhausted/${name.replaceAll(" ", "-")}`);
  const after = await used();
  s.disconnect();
  s.io._close();
  return after - before;
}

/** The bytes in use, after garbage was collected. */
async function used() {
  for (let i = 0; i < 3; i++) {
    await new Promise(setImmediate); // what is read already is handled first
    gc();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
