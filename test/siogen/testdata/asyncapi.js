// Validates an AsyncAPI document: against the official schema, and that what it refers to is there.
"use strict";
const fs = require("node:fs");
const Ajv = require("ajv");
const formats = require("ajv-formats");
const specs = require("@asyncapi/specs");

const document = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));

const ajv = new Ajv({ strict: false, validateFormats: true, allErrors: true });
formats(ajv);
const valid = ajv.compile(specs.schemasWithoutId["3.0.0"]);
if (!valid(document)) fail(JSON.stringify(valid.errors.slice(0, 10), null, 1));

const at = (ref) => ref.slice(2).split("/").reduce((node, key) => node && node[key], document);
(function walk(node) {
  if (!node || typeof node !== "object") return;
  if (typeof node.$ref === "string" && at(node.$ref) === undefined) fail("nothing at " + node.$ref);
  Object.values(node).forEach(walk);
})(document);

for (const [name, operation] of Object.entries(document.operations)) {
  const channel = operation.channel.$ref;
  for (const message of [...operation.messages, ...(operation.reply?.messages ?? [])]) {
    if (!message.$ref.startsWith(channel + "/messages/")) fail(name + " has a message of another channel");
  }
}
console.log(Object.keys(document.operations).length, "operations");

function fail(why) {
  console.error(why);
  process.exit(1);
}
