// The titles of socket.io-client/test/retry.ts and test/connection-state-recovery.ts.

import assert from "node:assert/strict";

const patient = 20_000; // for an answer that comes

// The packets without their ids, which a retry keeps, and without the word of a client that resends.
const plain = (sent) => sent.map((p) => p.replace(/^2\d/, "2#").replace(/^0\{"resends":true\}$/, "0"));

export default ({ test }) => {
  test("should preserve the order of the packets", async (t) => {
    const s = t.io("", { retries: 1, ackTimeout: patient });
    const sent = t.sent(s.io.engine);
    const answers = [];
    const all = new Promise((done) => {
      for (const n of [1, 2, 3]) {
        s.emit("echo", n, (err, value) => {
          answers.push([err, value, sent.length]); // so many packets have left: CONNECT and those up to this one
          if (n === 3) done();
        });
      }
    });
    await all;
    s.disconnect();
    assert.deepEqual(answers, [[null, 1, 2], [null, 2, 3], [null, 3, 4]]);
    assert.deepEqual(plain(sent), ["0", '2#["echo",1]', '2#["echo",2]', '2#["echo",3]', "1"]);
  });

  test("should fail when the server does not acknowledge the packet", async (t) => {
    const s = t.io("", { retries: 3, ackTimeout: 50 });
    const sent = t.sent(s.io.engine);
    const err = await new Promise((done) => s.emit("ack", done));
    assert.ok(err instanceof Error);
    s.disconnect();
    assert.deepEqual(plain(sent), ["0", ...Array(4).fill('2#["ack"]'), "1"]);
  });

  test("should not drain the queue while the socket is disconnected", async (t) => {
    const s = t.io("", { autoConnect: false, retries: 3, ackTimeout: patient });
    const answered = new Promise((done) => s.emit("echo", 1, (...answer) => done(answer)));
    const early = await Promise.race([answered, t.later(100)]);
    assert.equal(early, undefined);
    s.connect();
    assert.deepEqual(await answered, [null, 1]);
  });

  test("should not emit a packet twice in the 'connect' handler", async (t) => {
    const s = t.io("", { retries: 3 });
    const sent = t.sent(s.io.engine);
    const received = [];
    s.io.engine.on("packet", ({ type, data }) => type === "message" && received.push(data));
    s.on("connect", () => s.emit("echo", null));
    await t.until(s.io.engine, "packet", ({ data }) => /^3\d/.test(data));
    await t.later(100);
    assert.deepEqual(plain(sent), ["0", '2#["echo",null]']);
    assert.match(received[0], /^0\{/);
    assert.deepEqual(received.slice(1), ["30[null]"]);
  });

  test("connection state recovery: should have an accessible socket id equal to the server-side socket id (default namespace)", async (t) => {
    const s = t.io("", { reconnectionDelay: 10 });
    assert.equal(s.recovered, false);
    s.emit("hi"); // the answer bears an offset
    await t.once(s, "hi");
    const { id } = s;
    s.io.engine.close();
    await t.once(s, "connect");
    assert.equal(s.id, id);
    assert.equal(s.recovered, true);
  });
};
