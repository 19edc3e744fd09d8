// Timers are replaced here behind the client's back, as a page's own tests do it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Manager } from "../src/index";

// An attempt without a transport fails at once; the next one has to wait for a timer.
async function attempts(useNativeTimers: boolean): Promise<number> {
  const { setTimeout } = globalThis;
  let replaced = 0;
  globalThis.setTimeout = ((...args: Parameters<typeof setTimeout>) => {
    replaced++;
    return setTimeout(...args);
  }) as any;
  const m = new Manager("http://server.test", { transports: [], reconnectionDelay: 10, useNativeTimers });
  try {
    await new Promise<void>((done) => m.on("reconnect_attempt", () => done()));
  } finally {
    globalThis.setTimeout = setTimeout;
    m._close();
  }
  return replaced;
}

test("the timers of the moment are used, which a page may have replaced", async () => {
  assert.ok((await attempts(false)) > 0);
});

test("useNativeTimers keeps to the timers that were there at first", async () => {
  assert.equal(await attempts(true), 0);
});
