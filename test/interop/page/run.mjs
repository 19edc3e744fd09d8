// Runs cases in a page with our own browser client: run(FILE, CASE, TRANSPORTS) resolves to what went wrong, or to
// nothing.

import { lab } from "/lab.mjs";
import { Buffer } from "./buffer.mjs";

globalThis.Buffer = Buffer;

globalThis.run = async (file, name, transports) => {
  const bench = lab(location.origin, transports);
  let patience;
  const late = new Promise((_, reject) => {
    patience = setTimeout(() => reject(new Error("the case did not end within 30 s")), 30_000);
  });
  try {
    const cases = await import(`/cases/${file}.mjs`);
    await Promise.race([cases[name](bench), late]);
    return "";
  } catch (err) {
    return `${err?.stack ?? err}\n${bench.story().join("\n")}`;
  } finally {
    clearTimeout(patience);
    bench.close();
  }
};
