// Runs cases in a page with our own browser client: run(FILE, CASE, TRANSPORTS, MSGPACK) resolves to what went wrong, or to
// nothing.

import { attempt } from "/lab.mjs";
import { Buffer } from "./buffer.mjs";

globalThis.Buffer = Buffer;

globalThis.run = async (file, name, transports, msgpack) => {
  const cases = await import(`/cases/${file}.mjs`);
  const more = msgpack && { parser: await import("/msgpack.js") };
  return attempt(cases[name], location.origin, transports, more);
};
