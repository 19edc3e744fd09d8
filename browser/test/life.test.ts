// The life of a connection as a program sees it: the order of events, reconnection, the ends.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { io, Manager } from "../src/index";
import { connected, net, socket, time } from "./world";

beforeEach(() => {
  net.manners = {};
  net.heard = () => {};
  time.thrown.length = 0;
});

test("the first connection: connecting, connect", async () => {
  const s = socket();
  assert.deepEqual([s.connected, s.disconnected, s.active, s.id], [false, true, true, undefined]);
  await time.settle();
  assert.deepEqual(s.story, ["connecting:websocket", "connect"]);
  assert.deepEqual([s.connected, s.disconnected, s.active, s.id], [true, false, true, "id-" + net.session.sid]);
  s.disconnect();
});

test("loss and recovery: disconnect, reconnecting, connecting, reconnect, connect", async () => {
  const s = await connected();
  const seen: string[] = [];
  for (const e of ["open", "close", "reconnect_attempt", "reconnect"] as const) {
    s.io.on(e, (...args: any[]) => seen.push([e, ...args.filter((a) => typeof a !== "object")].join(":")));
  }
  s.story = [];
  net.session.drop();
  await time.settle();
  assert.deepEqual(s.story, ["disconnect:transport close"]);
  assert.equal(s.active, true);
  await time.pass(1000);
  assert.deepEqual(s.story, [
    "disconnect:transport close",
    "reconnecting:1000:1",
    "connecting:websocket",
    "reconnect:websocket:1",
    "connect",
  ]);
  assert.deepEqual(seen, ["close:transport close", "reconnect_attempt:1", "open", "reconnect:1"]);
  s.disconnect();
});

test("a server that is away for three attempts", async () => {
  const s = await connected();
  s.story = [];
  net.manners = { status: 503 };
  net.session.drop();
  await time.pass(1000 + 2000 + 4000);
  net.manners = {};
  await time.pass(5000);
  assert.deepEqual(s.story, [
    "disconnect:transport close",
    "reconnecting:1000:1",
    "connect_error:websocket error",
    "reconnecting:2000:2",
    "connect_error:websocket error",
    "reconnecting:4000:3",
    "connect_error:websocket error",
    "reconnecting:5000:4",
    "connecting:websocket",
    "reconnect:websocket:4",
    "connect",
  ]);
  s.disconnect();
});

test("attempts exhausted: reconnect_failed once, and no connecting", async () => {
  const s = await connected({ reconnectionAttempts: 3 });
  s.story = [];
  const errors: string[] = [];
  s.io.on("reconnect_error", (err) => errors.push(err.message));
  net.manners = { status: 503 };
  net.session.drop();
  await time.pass(100_000);
  assert.deepEqual(
    s.story.filter((e) => !e.startsWith("connect_error")),
    ["disconnect:transport close", "reconnecting:1000:1", "reconnecting:2000:2", "reconnecting:4000:3", "reconnect_failed"],
  );
  assert.deepEqual(errors, ["websocket error", "websocket error", "websocket error"]);

  net.manners = {};
  s.story = [];
  s.connect();
  await time.settle();
  assert.deepEqual(s.story, ["connecting:websocket", "connect"]);
  s.disconnect();
});

test("the first attempt fails: connect_failed once, then it goes on like a loss", async () => {
  net.manners = { status: 503 };
  const s = socket();
  await time.pass(1000);
  net.manners = {};
  await time.pass(2000);
  assert.deepEqual(s.story, [
    "connect_error:websocket error",
    "connect_failed:websocket error",
    "reconnecting:1000:1",
    "connect_error:websocket error",
    "reconnecting:2000:2",
    "connecting:websocket",
    "reconnect:websocket:2",
    "connect",
  ]);
  s.disconnect();
});

test("without reconnection one failure, or one loss, is the end", async () => {
  net.manners = { status: 503 };
  const s = socket({ reconnection: false });
  await time.pass(60_000);
  assert.deepEqual(s.story, ["connect_error:websocket error", "connect_failed:websocket error"]);
  assert.equal(time.pending, 0);

  net.manners = {};
  const t = await connected({ reconnection: false });
  net.session.drop();
  await time.pass(60_000);
  assert.deepEqual(t.story, ["connecting:websocket", "connect", "disconnect:transport close"]);
  assert.equal(time.pending, 0);
});

test("an attempt that takes too long fails with timeout, and its connection is closed", async () => {
  net.manners = { silent: true };
  const s = socket({ timeout: 3000 });
  await time.pass(2999);
  assert.deepEqual(s.story, []);
  await time.pass(1);
  assert.deepEqual(s.story, ["connect_error:timeout", "connect_failed:timeout"]);
  net.manners = {};
  await time.pass(1000);
  assert.equal(s.connected, true);
  s.disconnect();
});

test("timeout false waits for ever", async () => {
  net.manners = { silent: true };
  const s = socket({ timeout: false });
  await time.pass(1e9);
  assert.deepEqual(s.story, []);
  s.disconnect();
});

test("disconnect while connecting: no event at all, and nothing is left", async () => {
  net.manners = { silent: true };
  const s = socket();
  await time.settle();
  s.disconnect();
  await time.pass(100_000);
  assert.deepEqual(s.story, []);
  assert.equal(s.active, false);
  assert.equal(time.pending, 0);
});

test("disconnect while waiting for the next attempt ends the attempts", async () => {
  const s = await connected();
  net.session.drop();
  await time.settle();
  s.disconnect();
  const { length } = net.sessions;
  await time.pass(100_000);
  assert.equal(net.sessions.length, length);
  assert.equal(time.pending, 0);
});

test("the client disconnects: DISCONNECT is sent, the connection closed, nothing reconnects", async () => {
  const s = await connected();
  s.story = [];
  s.disconnect();
  assert.deepEqual([s.connected, s.active, s.id], [false, false, undefined]);
  await time.pass(100_000);
  assert.deepEqual(s.story, ["disconnect:io client disconnect"]);
  assert.deepEqual(net.session.messages, ["0", "1"]);
  assert.equal(net.session.ws!.readyState, 3);
  s.connect();
  await time.settle();
  assert.equal(s.connected, true);
  s.disconnect();
});

test("the server disconnects: nothing reconnects until connect is called", async () => {
  const s = await connected();
  s.story = [];
  net.session.send("1");
  await time.pass(100_000);
  assert.deepEqual(s.story, ["disconnect:io server disconnect"]);
  assert.equal(s.active, false);
  s.connect();
  await time.settle();
  assert.equal(s.connected, true);
  s.disconnect();
});

test("engine.close is a forced close and reconnects", async () => {
  const s = await connected();
  s.story = [];
  s.io.engine.close();
  await time.pass(1000);
  assert.deepEqual(s.story[0], "disconnect:forced close");
  assert.deepEqual(s.story[s.story.length - 1], "connect");
  s.disconnect();
});

test("a refusal: connect_error with the server's data, inactive, no new attempt", async () => {
  net.manners = { accept: false };
  const s = socket();
  const errors: any[] = [];
  s.on("connect_error", (err) => errors.push([err.message, err.data]));
  await time.settle();
  net.session.send('4{"message":"not allowed","data":{"code":401}}');
  await time.pass(100_000);
  assert.deepEqual(s.story, ["connecting:websocket", "connect_error:not allowed", "connect_failed:not allowed"]);
  assert.deepEqual(errors, [["not allowed", { code: 401 }]]);
  assert.equal(s.active, false);
  assert.equal(net.session.ws!.readyState, 3, "the connection has no use any more");

  s.connect();
  await time.settle();
  net.session.send('4"a string"');
  await time.settle();
  assert.deepEqual(errors[1], ["a string", undefined]);
});

test("a server of version 2 is recognised", async () => {
  net.manners = { accept: false };
  const s = socket();
  await time.settle();
  net.session.send("0");
  await time.settle();
  assert.match(s.story[1], /^connect_error:It seems you are trying to reach a Socket.IO server in v2.x/);
  s.disconnect();
});

test("error is for what nobody else was told", async () => {
  const heard: string[] = [];
  const listen = (s: any) => s.on("error", (err: Error) => heard.push(err.message));
  const plain = (more = {}) => io("http://server.test", { forceNew: true, transports: ["websocket"], reconnection: false, ...more });

  net.manners = { status: 503 };
  listen(plain());
  await time.settle();
  assert.deepEqual(heard.splice(0), ["websocket error"]);

  for (const event of ["connect_error", "connect_failed"]) {
    const s = plain();
    listen(s).on(event, () => {});
    await time.settle();
    assert.deepEqual(heard, [], event);
  }

  net.manners = {};
  const s = plain();
  listen(s);
  await time.settle();
  s.on("boom", () => {
    throw new Error("a listener's mistake");
  });
  net.session.send('2["boom"]');
  await time.settle();
  assert.deepEqual(heard.splice(0), ["a listener's mistake"]);
  net.session.send("2[garbage");
  await time.settle();
  assert.equal(heard.length, 1);
  assert.equal(s.connected, false);
});

test("a peer's events may bear names of the life cycle; the life cycle never reaches the catch-all", async () => {
  const s = await connected();
  const all: any[] = [];
  const own: any[] = [];
  s.onAny((...args) => all.push(args));
  s.on("reconnect", (...args) => own.push(args));
  s.on("error", (...args) => own.push(args));
  net.session.send('2["reconnect","a peer"]', '2["error","boom"]');
  await time.settle();
  assert.deepEqual(all, [
    ["reconnect", "a peer"],
    ["error", "boom"],
  ]);
  assert.deepEqual(own, [["a peer"], ["boom"]]);
  net.session.drop();
  await time.pass(1000);
  assert.equal(s.connected, true);
  assert.equal(all.length, 2);
  assert.deepEqual(net.session.messages, ["0"]);
  s.disconnect();
});

test("a listener that throws stops neither the other listeners nor the connection, and is reported", async () => {
  const s = await connected();
  const got: any[] = [];
  s.on("x", () => {
    throw new Error("first");
  });
  s.on("x", (v) => got.push(v));
  s.on("disconnect", () => {
    throw new Error("second");
  });
  s.io.on("reconnect_attempt", () => {
    throw new Error("third");
  });
  net.session.send('2["x",1]', '2["x",2]');
  await time.settle();
  assert.deepEqual(got, [1, 2]);
  net.session.drop();
  await time.pass(1000);
  assert.equal(s.connected, true);
  assert.deepEqual(
    time.thrown.map((e) => e.message),
    ["first", "first", "second", "third"],
  );
  s.disconnect();
});

test("the first listener of reconnecting may stop the attempts", async () => {
  const s = await connected();
  s.once("reconnecting", () => s.disconnect());
  const { length } = net.sessions;
  net.session.drop();
  await time.pass(100_000);
  assert.equal(net.sessions.length, length);
  s.connect();
  await time.settle();
  assert.equal(s.connected, true);
  s.disconnect();
});

test("reconnection can be switched off and on while it runs", async () => {
  const s = await connected();
  net.session.drop();
  await time.settle();
  s.io.reconnection(false);
  const { length } = net.sessions;
  await time.pass(100_000);
  assert.equal(net.sessions.length, length);
  s.io.reconnection(true);
  s.connect();
  await time.settle();
  assert.equal(s.connected, true);
  s.disconnect();
});

test("the manager's settings are read and written", () => {
  const m = new Manager("http://server.test", { autoConnect: false });
  assert.deepEqual(
    [m.reconnection(), m.reconnectionAttempts(), m.reconnectionDelay(), m.reconnectionDelayMax(), m.randomizationFactor(), m.timeout()],
    [true, Infinity, 1000, 5000, 0.5, 20000],
  );
  m.reconnection(false).reconnectionAttempts(3).reconnectionDelay(10).reconnectionDelayMax(20).randomizationFactor(0).timeout(false);
  assert.deepEqual(
    [m.reconnection(), m.reconnectionAttempts(), m.reconnectionDelay(), m.reconnectionDelayMax(), m.randomizationFactor(), m.timeout()],
    [false, 3, 10, 20, 0, false],
  );
  assert.equal(m.backoff.duration(), 10);
});

test("open reports the outcome of one attempt", async () => {
  const m = new Manager("http://server.test", { autoConnect: false, transports: ["websocket"] });
  const outcomes: any[] = [];
  net.manners = { status: 503 };
  m.open((err) => outcomes.push(err?.message));
  await time.pass(60_000);
  assert.deepEqual(outcomes, ["websocket error"]);
  net.manners = {};
  m.open((err) => outcomes.push(err as any)).open(() => outcomes.push("a second attempt"));
  await time.settle();
  assert.deepEqual(outcomes, ["websocket error", undefined]);
  m._close();
});

test("without a usable transport the attempt fails", async () => {
  const s = socket({ transports: ["webtransport"], reconnection: false });
  await time.settle();
  assert.deepEqual(s.story, ["connect_error:No transports available", "connect_failed:No transports available"]);
});

test("a listener of connect_error may connect at once; the attempts go on as ever", async () => {
  net.manners = { status: 503 };
  const s = socket();
  let again = 2;
  s.on("connect_error", () => {
    if (again-- > 0) s.connect();
  });
  await time.pass(100_000);
  net.manners = {};
  await time.pass(5000);
  assert.equal(s.connected, true);
  for (let i = 0; i < 3; i++) {
    net.session.drop();
    await time.pass(1000);
    assert.equal(s.connected, true, "loss " + i);
  }
  s.disconnect();
  await time.settle();
  assert.equal(time.pending, 0);
});

test("a connection opened by hand ends the wait for the next attempt", async () => {
  const s = await connected({ reconnectionDelay: 60_000, reconnectionDelayMax: 60_000 });
  for (let i = 0; i < 2; i++) {
    net.session.drop();
    await time.settle();
    s.story = [];
    s.io.open();
    await time.pass(120_000);
    if (i) assert.deepEqual(s.story, ["connecting:websocket", "connect", "disconnect:ping timeout", "reconnecting:60000:1", "connecting:websocket", "reconnect:websocket:1", "connect"]);
    else net.session.ping();
    await time.settle();
  }
  s.disconnect();
});

test("reconnectOnline tries at once when the network is back", async () => {
  const g = globalThis as any;
  const page = new EventTarget(); // the window, where events of the document arrive too
  g.addEventListener = page.addEventListener.bind(page);
  g.removeEventListener = page.removeEventListener.bind(page);
  g.document = {};
  try {
    for (const wake of [
      () => page.dispatchEvent(new Event("online")),
      () => {
        g.document.visibilityState = "visible";
        page.dispatchEvent(new Event("visibilitychange"));
      },
    ]) {
      const s = await connected({ reconnectOnline: true, reconnectionDelay: 60_000, reconnectionDelayMax: 60_000 });
      net.session.drop();
      await time.pass(100);
      g.document.visibilityState = "hidden";
      page.dispatchEvent(new Event("visibilitychange"));
      assert.equal(s.connected, false);
      wake();
      await time.settle();
      assert.equal(s.connected, true);
      s.disconnect();
      await time.settle();
      assert.equal(time.pending, 0);
    }
  } finally {
    delete g.addEventListener;
    delete g.removeEventListener;
    delete g.document;
  }
});
