// The titles of socket.io-client/test/socket.ts. Those of a block bear its name.

import assert from "node:assert/strict";

export default ({ test }) => {
  for (const [title, path] of [
    ["should have an accessible socket id equal to the server-side socket id (default namespace)", ""],
    ["should have an accessible socket id equal to the server-side socket id (custom namespace)", "/foo"],
  ]) {
    test(title, async (t) => {
      const s = t.io(path);
      const id = await new Promise((done) => s.emit("getId", done));
      assert.ok(id);
      assert.equal(s.id, id);
      assert.notEqual(s.id, s.io.engine.id);
    });
  }

  test("clears socket.id upon disconnection", async (t) => {
    const s = t.io();
    await t.once(s, "connect");
    let id = s.id;
    s.on("disconnect", () => (id = s.id));
    s.disconnect();
    assert.equal(id, undefined);
  });

  test("doesn't fire an error event if we force disconnect in opening state", async (t) => {
    const s = t.io("", { timeout: 100 });
    t.forbid(s.io, "error");
    s.disconnect();
    await t.later(300);
  });

  test("fire a connect_error event when the connection cannot be established", async (t) => {
    const m = t.manager({ timeout: 5000 }, t.nowhere);
    const [err] = await t.once(m.socket("/"), "connect_error");
    assert.ok(err instanceof Error);
  });

  for (const [title, transport] of [
    ["fire a connect_error event on open timeout (polling)", "polling"],
    ["fire a connect_error event on open timeout (websocket)", "websocket"],
  ]) {
    test(title, async (t) => {
      const s = t.io("", { ...t.silent, transports: [transport], timeout: 0 });
      const [err] = await t.once(s, "connect_error");
      assert.equal(err.message, "timeout");
    });
  }

  test("doesn't fire a connect_error event when the connection is already established", async (t) => {
    const s = t.io();
    t.forbid(s, "connect_error");
    await t.once(s, "connect");
    s.io.engine.close();
    await t.later(300);
  });

  test("should change socket.id upon reconnection", async (t) => {
    const s = t.io("/foo", { reconnectionDelay: 10 }); // no event has come, so there is no session to recover
    await t.once(s, "connect");
    const { id } = s;
    s.io.engine.close();
    await t.once(s.io, "reconnect_attempt");
    assert.equal(s.id, undefined);
    await t.once(s.io, "reconnect");
    assert.notEqual(s.id, id);
  });

  for (const [title, compress] of [["should enable compression by default", true], ["should disable compression", false]]) {
    test(title, async (t) => {
      const s = t.io();
      await t.once(s, "connect");
      const made = t.once(s.io.engine, "packetCreate");
      (compress ? s : s.compress(false)).emit("hi");
      assert.equal((await made)[0].options.compress, compress);
    });
  }

  // What the support server tells of the handshake: asked for in the main namespace, told in the other one.
  const asked = (s) => new Promise((done) => s.emit("getHandshake", done));
  const told = async (t, s) => (await t.once(s, "handshake"))[0];

  test("query option: should accept an object (default namespace)", async (t) => {
    assert.equal((await asked(t.io("/", { query: { e: "f" } }))).query.e, "f");
  });

  test("query option: should accept a query string (default namespace)", async (t) => {
    assert.equal((await asked(t.io("/?c=d"))).query.c, "d");
  });

  test("query option: should accept an object", async (t) => {
    assert.equal((await told(t, t.io("/abc", { query: { a: "b" } }))).query.a, "b");
  });

  test("query option: should accept a query string", async (t) => {
    const { query } = await told(t, t.io("/abc?b=c&d=e"));
    assert.deepEqual([query.b, query.d], ["c", "e"]);
  });

  test("query option: should properly encode the parameters", async (t) => {
    assert.equal((await told(t, t.io("/abc", { query: { "&a": "&=?a" } }))).query["&a"], "&=?a");
  });

  test("auth option: should accept an object", async (t) => {
    const { auth, query } = await told(t, t.io("/abc", { auth: { a: "b", c: "d" } }));
    assert.deepEqual([auth.a, auth.c, query.a], ["b", "d", undefined]);
  });

  test("auth option: should accept an function", async (t) => {
    const { auth, query } = await told(t, t.io("/abc", { auth: (send) => send({ e: "f" }) }));
    assert.deepEqual([auth.e, query.e], ["f", undefined]);
  });

  test("should fire an error event on middleware failure from custom namespace", async (t) => {
    const [err] = await t.once(t.io("/no"), "connect_error");
    assert.ok(err instanceof Error);
    assert.equal(err.message, "Auth failed (custom namespace)");
  });

  test("should not try to reconnect after a middleware failure", async (t) => {
    const s = t.io("/no", { reconnectionDelay: 10 });
    await t.once(s, "connect_error");
    t.forbid(s, "connect_error");
    s.io.engine.close(); // which reconnects the manager
    await t.later(100);
  });

  test("should properly disconnect then reconnect", async (t) => {
    const s = t.io("/", { transports: ["websocket"] });
    let count = 0;
    s.on("disconnect", () => count++);
    await t.once(s, "connect");
    s.disconnect().connect();
    await t.once(s, "connect");
    await t.later(50);
    assert.equal(count, 1);
  });

  test("should throw on reserved event", async (t) => {
    const s = t.io("/no");
    assert.throws(() => s.emit("disconnecting", "goodbye"), /"disconnecting" is a reserved event name/);
  });

  test("should emit events in order", async (t) => {
    const s = t.io("/", { autoConnect: false });
    const answers = [];
    const last = new Promise((done) =>
      s.on("connect", () =>
        s.emit("echo", "second", (answer) => {
          answers.push(answer);
          done();
        }),
      ),
    );
    s.emit("echo", "first", (answer) => answers.push(answer));
    s.connect();
    await last;
    assert.deepEqual(answers, ["first", "second"]);
  });

  test("should emit an event and wait for the acknowledgement", async (t) => {
    assert.equal(await t.io().emitWithAck("echo", 123), 123);
  });

  test("volatile packets: should discard a volatile packet when the socket is not connected", async (t) => {
    const s = t.io("", { autoConnect: false });
    s.volatile.emit("getId", t.never("answered"));
    const answered = s.emitWithAck("getId");
    s.connect();
    await answered;
  });

  test("volatile packets: should discard a volatile packet when the pipe is not ready", async (t) => {
    const s = t.io();
    await new Promise((done) =>
      s.on("connect", () => {
        s.emit("getId", done);
        s.volatile.emit("getId", t.never("answered"));
      }),
    );
  });

  test("volatile packets: should send a volatile packet when the socket is connected and the pipe is ready", async (t) => {
    const s = t.io();
    await t.once(s, "connect");
    let answered = false;
    while (!answered) {
      s.volatile.emit("getId", () => (answered = true));
      await t.later(50);
    }
  });

  test("onAny: should call listener", async (t) => {
    const s = t.io("/abc");
    const [event, arg] = await new Promise((done) => s.onAny((...args) => done(args)));
    assert.equal(event, "handshake");
    assert.equal(typeof arg, "object");
  });

  test("onAny: should prepend listener", async (t) => {
    const s = t.io("/abc");
    const order = [];
    const last = new Promise((done) => s.onAny(() => done(order.push(2))));
    s.prependAny(() => order.push(1));
    s.prependAny(() => order.push(0));
    await last;
    assert.deepEqual(order, [0, 1, 2]);
  });

  test("onAny: should remove listener", async (t) => {
    const s = t.io("/abc");
    const gone = t.never("called");
    s.onAny(gone);
    s.offAny(gone);
    assert.equal(s.listenersAny().length, 0);
    await new Promise((done) => s.onAny(done));
  });

  test("onAnyOutgoing: should call listener", async (t) => {
    const s = t.io("/abc");
    await t.once(s, "connect");
    const heard = new Promise((done) => s.onAnyOutgoing((...args) => done(args)));
    s.emit("my-event", "123");
    assert.deepEqual(await heard, ["my-event", "123"]);
  });

  test("onAnyOutgoing: should call listener with binary data", async (t) => {
    const s = t.io("/abc");
    await t.once(s, "connect");
    const heard = new Promise((done) => s.onAnyOutgoing((...args) => done(args)));
    s.emit("my-event", Uint8Array.of(1, 2, 3));
    const [event, arg] = await heard;
    assert.equal(event, "my-event");
    assert.ok(arg instanceof Uint8Array);
  });

  test("onAnyOutgoing: should prepend listener", async (t) => {
    const s = t.io("/abc");
    const order = [];
    const last = new Promise((done) => s.onAnyOutgoing(() => done(order.push(2))));
    s.prependAnyOutgoing(() => order.push(1));
    s.prependAnyOutgoing(() => order.push(0));
    s.emit("my-event", "123");
    await last;
    assert.deepEqual(order, [0, 1, 2]);
  });

  test("onAnyOutgoing: should remove listener", async (t) => {
    const s = t.io("/abc");
    const gone = t.never("called");
    s.onAnyOutgoing(gone);
    s.offAnyOutgoing(gone);
    assert.equal(s.listenersAnyOutgoing().length, 0);
    const heard = new Promise((done) => s.onAnyOutgoing(done));
    s.emit("my-event", "123");
    await heard;
  });

  const patient = 20_000; // for an answer that comes

  // outcome is what the function of an emit gets.
  const outcome = (s, ...args) => new Promise((done) => s.emit(...args, (...answer) => done(answer)));

  test("timeout: should timeout after the given delay when socket is not connected", async (t) => {
    const s = t.io("/", { autoConnect: false });
    const [err] = await outcome(s.timeout(50), "event");
    assert.ok(err instanceof Error);
    assert.equal(s.sendBuffer.length, 0);
  });

  test("timeout: should timeout when the server does not acknowledge the event", async (t) => {
    const [err] = await outcome(t.io("/").timeout(50), "unknown");
    assert.ok(err instanceof Error);
  });

  test("timeout: should timeout when the server does not acknowledge the event in time", async (t) => {
    const s = t.io("/");
    await t.once(s, "connect");
    const answers = [];
    s.timeout(0).emit("unknown", (err) => answers.push(err));
    await s.emitWithAck("echo", 42);
    await t.later(50);
    assert.equal(answers.length, 1);
    assert.ok(answers[0] instanceof Error);
  });

  test("timeout: should not timeout when the server does acknowledge the event", async (t) => {
    assert.deepEqual(await outcome(t.io("/").timeout(patient), "echo", 42), [null, 42]);
  });

  test("timeout: should timeout when the server does not acknowledge the event (promise)", async (t) => {
    await assert.rejects(t.io("/").timeout(50).emitWithAck("unknown"), /operation has timed out/);
  });

  test("timeout: should not timeout when the server does acknowledge the event (promise)", async (t) => {
    assert.equal(await t.io("/").timeout(patient).emitWithAck("echo", 42), 42);
  });

  test("timeout: should use the default timeout value", async (t) => {
    const [err] = await outcome(t.io("/", { ackTimeout: 50 }), "unknown");
    assert.ok(err instanceof Error);
  });

  // A connected socket, which is disconnected while an answer is on its way.
  async function cut(t, options, ask) {
    const s = t.io("", options);
    await t.once(s, "connect");
    const asked = ask(s);
    s.disconnect();
    return asked;
  }

  test("acknowledgement upon disconnection: should not ack upon disconnection (callback)", async (t) => {
    await cut(t, {}, (s) => s.emit("echo", "a", t.never("answered")));
    await t.later(100);
  });

  test("acknowledgement upon disconnection: should ack with an error upon disconnection (callback & timeout)", async (t) => {
    const [err] = await cut(t, {}, (s) => outcome(s.timeout(patient), "echo", "a"));
    assert.match(String(err), /socket has been disconnected/);
  });

  test("acknowledgement upon disconnection: should ack with an error upon disconnection (callback & ackTimeout)", async (t) => {
    const [err] = await cut(t, { ackTimeout: patient }, (s) => outcome(s, "echo", "a"));
    assert.match(String(err), /socket has been disconnected/);
  });

  test("acknowledgement upon disconnection: should ack with an error upon disconnection (promise)", async (t) => {
    await assert.rejects(cut(t, {}, (s) => s.emitWithAck("echo", "a")), /socket has been disconnected/);
  });

  test("acknowledgement upon disconnection: should ack with an error upon disconnection (promise & timeout)", async (t) => {
    await assert.rejects(cut(t, {}, (s) => s.timeout(patient).emitWithAck("echo", "a")), /socket has been disconnected/);
  });

  test("acknowledgement upon disconnection: should not discard an unsent ack (callback)", async (t) => {
    const s = t.io();
    await t.once(s, "connect");
    s.disconnect();
    const answered = outcome(s, "echo", "a"); // waits for the next connection
    await t.later(50);
    s.connect();
    assert.deepEqual(await answered, ["a"]);
  });

  test("throttled timer: should buffer the event and send it upon reconnection", async (t) => {
    const s = t.io("", { reconnectionDelay: 10 });
    await t.once(s, "connect");
    let reconnected = false;
    s.io.once("reconnect", () => (reconnected = true));
    const { now } = Date;
    Date.now = () => now() + 3_600_000; // the machine wakes up
    let answered;
    try {
      answered = outcome(s, "echo", "123");
    } finally {
      Date.now = now;
    }
    assert.deepEqual(await answered, ["123"]);
    assert.equal(reconnected, true);
  });
};
