// The titles of the option autoUnref, in test/node.ts of socket.io-client and test/node.js of engine.io-client: a process of
// its own for each, which has nothing to do but to be connected.

import assert from "node:assert/strict";

export default ({ test }) => {
  const page = { page: false };

  // program starts a process that connects, and says so; code resolves to how it ended.
  async function program(url, options) {
    const { spawn } = await import("node:child_process");
    const script = `
      import { WebSocket } from "ws";
      import { io } from ${JSON.stringify(new URL("../../../browser/dist/node.mjs", import.meta.url))};
      const s = io(${JSON.stringify(url)}, { WebSocket, ...${JSON.stringify(options)} });
      const running = setInterval(() => {}, 1000);
      const say = (what) => {
        console.log(what);
        clearInterval(running);
      };
      s.on("connect_error", () => say("failed"));
      s.io.engine.on(s.io.engine.transport.name === "polling" ? "upgrade" : "open", () => say("stands"));`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { cwd: new URL(".", import.meta.url), stdio: ["ignore", "pipe", "inherit"] });
    const said = new Promise((done) => child.stdout.once("data", (text) => done(String(text).trim())));
    const code = new Promise((done) => child.once("exit", done));
    return { child, said, code };
  }

  for (const [title, options, nowhere] of [
    ["autoUnref: should stop once the timer is triggered", {}],
    ["autoUnref: should stop once the timer is triggered (even when trying to reconnect)", {}, true],
    ["autoUnref: should stop once the timer is triggered (websocket)", { transports: ["websocket"] }],
  ]) {
    test(title, async (t) => {
      const { said, code } = await program(nowhere ? t.nowhere : t.url, { autoUnref: true, ...options });
      assert.equal(await said, nowhere ? "failed" : "stands");
      assert.equal(await code, 0);
    }, page);
  }

  test("autoUnref: should not stop with autoUnref set to false", async (t) => {
    const { child, said, code } = await program(t.url, { transports: ["websocket"], autoUnref: false });
    try {
      assert.equal(await said, "stands");
      assert.equal(await Promise.race([code, t.later(300)]), undefined);
    } finally {
      child.kill();
      await code;
    }
  }, page);
};
