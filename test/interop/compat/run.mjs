// Runs the checks with clients of every version: node run.mjs AT-ONCE CELLS, which is a JSON array of {url, version,
// transports, parser}. Prints a line of JSON for each check of each cell: the index of the cell, the name, and what went
// wrong, "" for nothing. AT-ONCE is how many cells run side by side. A cell in which much goes wrong is left.

import { Cell } from "./cell.mjs";
import { checks } from "./checks.mjs";

const patience = 20_000; // ms, ends what hangs; nothing is measured with it
const enough = 3; // checks that go wrong in a cell

process.on("uncaughtException", (err) => {
  console.error(err);
  process.exit(2);
});

async function runCell(index, options) {
  const cell = new Cell(options);
  let wrong = 0;
  const say = (name, wrong) => console.log(JSON.stringify([index, name, wrong]));
  const attempt = async (name, run) => {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no end after ${patience} ms`)), patience);
    });
    try {
      if ((await Promise.race([run(), late])) === undefined) say(name, "");
    } catch (err) {
      wrong++;
      say(name, String(err?.stack ?? err));
    } finally {
      clearTimeout(timer);
    }
  };
  let a, b;
  await attempt("connect", async () => {
    [a, b] = await Promise.all([cell.connect("/", { query: { q: "a & b = c+1" } }), cell.connect("/")]);
  });
  if (a && b) {
    // The idle one takes its time beside the others.
    const idle = attempt("heartbeats while idle", () => checks["heartbeats while idle"]({ cell, a, b }));
    for (const [name, check] of Object.entries(checks)) {
      if (name !== "heartbeats while idle" && wrong < enough) await attempt(name, () => check({ cell, a, b }));
    }
    await idle;
  }
  cell.close();
}

const cells = JSON.parse(process.argv[3]);
let taken = 0;
await Promise.all(
  Array.from({ length: Number(process.argv[2]) }, async () => {
    while (taken < cells.length) {
      const index = taken++;
      await runCell(index, cells[index]);
    }
  }),
);
process.exit(0);
