// Runs cases in a page with our own browser client: run(FILE, CASE, TRANSPORTS) resolves to what went wrong, or to
// nothing.

import { attempt } from "/lab.mjs";
import { Buffer } from "./buffer.mjs";

globalThis.Buffer = Buffer;

globalThis.run = async (file, name, transports) => {
  const cases = await import(`/cases/${file}.mjs`);
  return attempt(cases[name], location.origin, transports);
};
