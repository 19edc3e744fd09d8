// The titles of socket.io-client/test/connection.ts.

import assert from "node:assert/strict";

const bytes = (...list) => Uint8Array.from(list).buffer;

export default ({ test, io, Manager }) => {
  test("should connect to localhost", async (t) => {
    const s = t.io();
    s.emit("hi");
    await t.once(s, "hi");
  });

  test("should not connect when autoConnect option set to false", async (t) => {
    const s = t.io("", { autoConnect: false });
    assert.equal(s.io.engine, undefined);
    assert.equal(s.active, false);
  });

  // Which manager a socket has is decided without a connection.
  const idle = (t, url, options) => t.io(url, { forceNew: false, autoConnect: false, ...options });

  test("should start two connections with same path", async (t) => {
    const path = "/twice";
    assert.notEqual(idle(t, "/", { path }).io, idle(t, "/", { path }).io);
  });

  test("should start two connections with same path and different querystrings", async (t) => {
    const path = "/queries";
    assert.notEqual(idle(t, "/?woot", { path }).io, idle(t, "/", { path }).io);
  });

  test("should start two connections with different paths", async (t) => {
    assert.notEqual(idle(t, "/", { path: "/one" }).io, idle(t, "/", { path: "/other" }).io);
  });

  test("should start a single connection with different namespaces", async (t) => {
    const path = "/shared";
    assert.equal(idle(t, "/foo", { path }).io, idle(t, "/bar", { path }).io);
  });

  test("should work with acks", async (t) => {
    const s = t.io();
    s.on("ack", (answer) => answer(5, { test: true }));
    s.emit("ack");
    await t.once(s, "got it");
  });

  test("should receive date with ack", async (t) => {
    const s = t.io();
    const date = await new Promise((answered) => s.emit("getAckDate", { test: true }, answered));
    assert.match(date, /^\d{4}-\d\d-\d\dT.*Z$/);
  });

  test("should work with false", async (t) => {
    const s = t.io();
    s.emit("false");
    const [value] = await t.once(s, "false"); // with recovery, an offset follows
    assert.equal(value, false);
  });

  test("should receive utf8 multibyte characters", async (t) => {
    const s = t.io();
    const got = [];
    s.on("takeUtf8", (text) => got.push(text));
    s.emit("getUtf8");
    await t.until(s, "takeUtf8", () => got.length === 5);
    assert.deepEqual(got, ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"]);
  });

  test("should connect to a namespace after connection established", async (t) => {
    const m = t.manager();
    await t.once(m.socket("/"), "connect");
    await t.once(m.socket("/foo"), "connect");
  });

  test("should open a new namespace after connection gets closed", async (t) => {
    const m = t.manager();
    const s = m.socket("/");
    await t.once(s, "connect");
    s.disconnect();
    await t.once(m.socket("/foo"), "connect");
  });

  test("should reconnect by default", async (t) => {
    const s = t.io("", { reconnectionDelay: 10 });
    await t.once(s, "connect");
    s.io.engine.close();
    await t.once(s.io, "reconnect");
  });

  test("should reconnect manually", async (t) => {
    const s = t.io();
    await t.once(s, "connect");
    s.disconnect();
    s.connect();
    await t.once(s, "connect");
  });

  test("should reconnect automatically after reconnecting manually", async (t) => {
    const s = t.io("", { reconnectionDelay: 10 });
    await t.once(s, "connect");
    s.disconnect();
    s.connect();
    await t.once(s, "connect");
    s.io.engine.close();
    await t.once(s.io, "reconnect");
  });

  // attempts counts until the attempts are used up.
  async function attempts(t, m) {
    let n = 0;
    const count = (i) => {
      n++;
      if (i !== n) t.never("the number of the attempt")(i);
    };
    m.on("reconnect_attempt", count);
    await t.once(m, "reconnect_failed");
    m.off("reconnect_attempt", count);
    return n;
  }

  const hopeless = { timeout: 0, reconnectionAttempts: 2, reconnectionDelay: 10 };

  test("should attempt reconnects after a failed reconnect", async (t) => {
    const m = t.manager({ ...hopeless, ...t.silent });
    const s = m.socket("/timeout");
    assert.equal(await attempts(t, m), 2);
    s.connect();
    assert.equal(await attempts(t, m), 2);
  });

  test("reconnect delay should increase every time", async (t) => {
    const m = t.manager({ ...t.silent, timeout: 0, reconnectionAttempts: 3, reconnectionDelay: 20, randomizationFactor: 0.2 });
    const s = m.socket("/timeout");
    const delays = [];
    s.on("reconnecting", (delay) => delays.push(delay));
    await t.once(m, "reconnect_failed");
    assert.equal(delays.length, 3);
    assert.ok(delays[0] < delays[1] && delays[1] < delays[2], `delays ${delays}`);
  });

  test("should not reconnect when force closed", async (t) => {
    const s = t.io("/invalid", { ...t.silent, timeout: 0, reconnectionDelay: 10 });
    await t.once(s.io, "error");
    t.forbid(s.io, "reconnect_attempt");
    s.disconnect();
    await t.later(100);
  });

  test("should stop reconnecting when force closed", async (t) => {
    const s = t.io("/invalid", { ...t.silent, timeout: 0, reconnectionDelay: 10 });
    await new Promise((done) =>
      s.io.once("reconnect_attempt", () => {
        t.forbid(s.io, "reconnect_attempt");
        s.disconnect();
        done();
      }),
    );
    await t.later(100);
  });

  test("should reconnect after stopping reconnection", async (t) => {
    const s = t.io("/invalid", { ...t.silent, timeout: 0, reconnectionDelay: 10 });
    await t.once(s.io, "reconnect_attempt");
    s.disconnect();
    s.connect();
    await t.once(s.io, "reconnect_attempt");
  });

  test("should stop reconnecting on a socket and keep to reconnect on another", async (t) => {
    const m = t.manager({ reconnectionDelay: 10 });
    const [one, other] = [m.socket("/"), m.socket("/asd")];
    await Promise.all([t.once(one, "connect"), t.once(other, "connect")]);
    m.once("reconnect_attempt", () => {
      t.forbid(one, "connect");
      one.disconnect();
    });
    m.engine.close();
    await t.once(other, "connect");
    await t.later(50);
  });

  test("should try to reconnect twice and fail when requested two attempts with immediate timeout and reconnect enabled", async (t) => {
    const m = t.manager({ ...hopeless, ...t.silent, reconnection: true });
    m.socket("/timeout");
    assert.equal(await attempts(t, m), 2);
  });

  test("should fire reconnect_* events on manager", async (t) => {
    const m = t.manager({ ...hopeless, ...t.silent });
    m.socket("/timeout_socket");
    const failures = [];
    m.on("reconnect_error", (err) => failures.push(err.message));
    assert.equal(await attempts(t, m), 2);
    assert.ok(failures.every((message) => message === "timeout"), `${failures}`);
  });

  test("should fire reconnecting (on manager) with attempts number when reconnecting twice", async (t) => {
    const m = t.manager({ ...hopeless, ...t.silent });
    m.socket("/timeout_socket");
    assert.equal(await attempts(t, m), 2); // which sees to the numbers
  });

  test("should not try to reconnect and should form a connection when connecting to correct port with default timeout", async (t) => {
    const m = t.manager({ reconnection: true, reconnectionDelay: 10 });
    t.forbid(m, "reconnect_attempt");
    await t.once(m.socket("/valid"), "connect");
    await t.later(100);
  });

  test("should connect while disconnecting another socket", async (t) => {
    const m = t.manager();
    const s = m.socket("/foo");
    await t.once(s, "connect");
    const other = m.socket("/asd");
    s.disconnect();
    await t.once(other, "connect");
  });

  test("should emit a connect_error event when reaching a Socket.IO server in v2.x", async (t) => {
    const m = t.manager();
    const s = m.socket("/");
    const refused = t.once(s, "connect_error");
    m.once("open", () => m.engine.emit("data", "0")); // as such a server does it, without a session id
    const [err] = await refused;
    assert.match(err.message, /^It seems you are trying to reach a Socket\.IO server in v2\.x/);
  });

  test("should not close the connection when disconnecting a single socket", async (t) => {
    const m = t.manager({ autoConnect: false });
    const [one, other] = [m.socket("/foo"), m.socket("/asd")];
    one.connect();
    await t.once(one, "connect");
    other.connect();
    await t.once(other, "connect");
    const lost = t.never("disconnect");
    other.on("disconnect", lost);
    one.disconnect();
    await t.later(200);
    other.off("disconnect", lost);
    const closed = t.once(m, "close");
    other.disconnect();
    await closed;
  });

  test("should stop trying to reconnect", async (t) => {
    const m = t.manager({ reconnectionDelay: 10 }, t.nowhere);
    await new Promise((done) =>
      m.once("reconnect_error", () => {
        m.reconnection(false);
        t.forbid(m, "reconnect_attempt");
        done();
      }),
    );
    await t.later(100);
  });

  test("should try to reconnect twice and fail when requested two attempts with incorrect address and reconnect enabled", async (t) => {
    const m = t.manager({ reconnection: true, reconnectionAttempts: 2, reconnectionDelay: 10 }, t.nowhere);
    m.socket("/asd");
    assert.equal(await attempts(t, m), 2);
  });

  test("should not try to reconnect with incorrect port when reconnection disabled", async (t) => {
    const m = t.manager({ reconnection: false, reconnectionDelay: 10 }, t.nowhere);
    t.forbid(m, "reconnect_attempt");
    m.socket("/invalid");
    await t.once(m, "error");
    await t.later(100);
  });

  test("should still try to reconnect twice after opening another socket asynchronously", async (t) => {
    const m = t.manager({ reconnection: true, reconnectionAttempts: 2, reconnectionDelay: 20 }, t.nowhere);
    m.socket("/room1");
    const counted = attempts(t, m);
    await t.later(10);
    m.socket("/room2");
    assert.equal(await counted, 2);
  });

  test("should emit date as string", async (t) => {
    const s = t.io();
    s.emit("getDate");
    assert.equal(typeof (await t.once(s, "takeDate"))[0], "string");
  });

  test("should emit date in object", async (t) => {
    const s = t.io();
    s.emit("getDateObj");
    assert.equal(typeof (await t.once(s, "takeDateObj"))[0].date, "string");
  });

  test("should get binary data (as an ArrayBuffer)", async (t) => {
    const s = t.io();
    s.io.engine.binaryType = "arraybuffer";
    s.emit("doge");
    const [got] = await t.once(s, "doge");
    assert.ok(got instanceof ArrayBuffer, `${Object.prototype.toString.call(got)}`);
    assert.equal(new TextDecoder().decode(got), "asdfasdf");
  });

  test("should send binary data (as an ArrayBuffer)", async (t) => {
    const s = t.io();
    s.emit("buffa", bytes(106, 199, 95));
    await t.once(s, "buffack");
  });

  test("should send binary data (as an ArrayBuffer) mixed with json", async (t) => {
    const s = t.io();
    s.emit("jsonbuff", { hello: "lol", message: bytes(134, 140, 29), goodbye: "gotcha" });
    await t.once(s, "jsonbuff-ack");
  });

  test("should send events with ArrayBuffers in the correct order", async (t) => {
    const s = t.io();
    s.emit("abuff1", bytes(105, 187, 159));
    s.emit("abuff2", "please arrive second");
    await t.once(s, "abuff2-ack");
  });

  test("should send binary data (as a Blob)", async (t) => {
    const s = t.io();
    s.emit("blob", new Blob(["hello world"]));
    await t.once(s, "back");
  });

  test("should send binary data (as a Blob) mixed with json", async (t) => {
    const s = t.io();
    s.emit("jsonblob", { hello: "lol", message: new Blob(["EEEEEEEEE"]), goodbye: "gotcha" });
    await t.once(s, "jsonblob-ack");
  });

  test("should send events with Blobs in the correct order", async (t) => {
    const s = t.io();
    const blob = new Blob(["BLOBBLOB"]);
    s.emit("blob1", blob);
    s.emit("blob2", "second");
    s.emit("blob3", blob);
    await t.once(s, "blob3-ack");
  });

  test("should reopen a cached socket", async (t) => {
    const m = t.manager({ autoConnect: true });
    const s = m.socket("/");
    await t.once(s, "connect");
    s.disconnect();
    assert.equal(m.socket("/"), s);
    assert.equal(s.active, true);
    await t.once(s, "connect");
  });

  test("should not reopen a cached but active socket", async (t) => {
    const m = t.manager({ autoConnect: true });
    const sent = t.sent(m.engine);
    await t.once(m, "open");
    const s = m.socket("/");
    assert.equal(m.socket("/"), s);
    await t.once(s, "connect");
    s.disconnect();
    assert.deepEqual(sent, ["0", "1"]);
  });

  test("should not reopen an already active socket", async (t) => {
    const m = t.manager({ autoConnect: true });
    const sent = t.sent(m.engine);
    await t.once(m, "open");
    const [s, foo] = [m.socket("/"), m.socket("/foo")];
    await Promise.all([t.once(s, "connect"), t.once(foo, "connect")]);
    s.disconnect();
    foo.disconnect();
    assert.deepEqual(sent, ["0", "0/foo,", "1", "1/foo,"]);
  });

  test("should close the engine upon decoding exception", async (t) => {
    const m = t.manager({ autoConnect: true, reconnectionDelay: 50 });
    const engine = m.engine;
    await t.once(m, "open");
    engine.emit("data", "bad");
    await t.once(m, "reconnect");
    assert.notEqual(m.engine, engine);
    assert.equal(engine.readyState, "closed");
  });
};
