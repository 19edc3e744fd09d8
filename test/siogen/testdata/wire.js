// A client that holds everything it hears, and every answer, against the AsyncAPI document. The contract is complete: a
// member that the document does not name is an error.
"use strict";
const fs = require("node:fs");
const Ajv = require("ajv");
const formats = require("ajv-formats");
const { io } = require("socket.io-client");

const [url, file] = process.argv.slice(2);
const document = JSON.parse(fs.readFileSync(file, "utf8"));
for (const schema of Object.values(document.components.schemas)) {
  if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
}
const ajv = new Ajv({ strict: false, allErrors: true });
formats(ajv);
ajv.addFormat("binary", true);
ajv.addSchema(document, "document");

const pointer = (key) => `document#/channels/root/messages/${encodeURIComponent(key)}/payload`;
// An attachment stands as a string in a JSON Schema, and an attachment only does.
const asText = (v) => {
  if (Buffer.isBuffer(v)) return v.toString("latin1");
  if (Array.isArray(v)) return v.map(asText);
  if (v && typeof v === "object") return Object.fromEntries(Object.entries(v).map(([k, x]) => [k, asText(x)]));
  return v;
};
function check(key, args) {
  const valid = ajv.getSchema(pointer(key));
  if (!valid(asText(args))) {
    console.error(key, JSON.stringify(args), JSON.stringify(valid.errors, null, 1));
    process.exit(1);
  }
  console.log("ok", key);
}

const messages = document.channels.root.messages;
const keyOf = (side, name) => Object.keys(messages).find((k) => k.startsWith(side + ".") && messages[k].name === name);
const socket = io(url, { transports: ["websocket"], reconnection: false });
socket.onAny((name, ...args) => {
  const ack = typeof args.at(-1) === "function" && args.pop();
  check(keyOf("server", name), args);
  if (ack) ack(true);
});
const ask = async (name, ...args) => {
  check(keyOf("client", name), args);
  const answer = await new Promise((resolve) => socket.emit(name, ...args, (...a) => resolve(a)));
  check(keyOf("client", name + " answer"), answer);
  return answer;
};
socket.on("closing", async () => {
  await ask("buy", 7, 2);
  await ask("buy", 7, -1);
  await ask("count");
  await ask("names");
  await ask("leave", "late");
  await ask("leave", "");
  await ask("raw", 1, "two", { three: 3 });
  // What the document forbids, the validator sees.
  const strict = ajv.getSchema(pointer(keyOf("client", "buy")));
  for (const bad of [[], [7], ["7", 2], [7, 2, 3], [7.5, 2]]) {
    if (strict(bad)) {
      console.error("the document allows", bad);
      process.exit(1);
    }
  }
  socket.disconnect();
  console.log("done");
});
