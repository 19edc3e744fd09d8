// Events both ways: acknowledgements, the buffer while offline, modifiers, catch-all listeners.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { connected, net, socket, time } from "./world";

beforeEach(() => {
  net.manners = {};
  net.heard = () => {};
  time.thrown.length = 0;
});

/** The messages of the latest session without the CONNECT packet. */
const sent = () => net.session.messages.slice(1);

test("emits reach the server in order, text and binary", async () => {
  const s = await connected();
  s.emit("a", 1, { b: [true, null] }).emit("b", new Uint8Array([1, 2]), "x").emit("").send("hi", 2);
  await time.settle();
  assert.deepEqual(sent(), [
    '2["a",1,{"b":[true,null]}]',
    '51-["b",{"_placeholder":true,"num":0},"x"]',
    new Uint8Array([1, 2]),
    '2[""]',
    '2["message","hi",2]',
  ]);
  s.disconnect();
});

test("reserved names throw, and the modifiers of that emit are gone", async () => {
  const s = await connected();
  for (const name of ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]) {
    assert.throws(() => s.volatile.emit(name), new Error(`"${name}" is a reserved event name`));
  }
  s.disconnect();
  s.emit("kept");
  assert.equal(s.sendBuffer.length, 1, "not volatile");
});

test("what can't be encoded throws at the caller, connected or not, and leaves nothing behind", async () => {
  const s = await connected();
  const loop: any = {};
  loop.loop = loop;
  const mistakes = [loop, 1n, Array.from({ length: 11 }, () => new ArrayBuffer(0))];
  for (const bad of mistakes) assert.throws(() => s.emit("x", bad, () => {}));
  s.disconnect();
  for (const bad of mistakes) assert.throws(() => s.emit("x", bad, () => {}));
  assert.deepEqual([s.sendBuffer.length, (s as any)._acks._waiting.size], [0, 0]);
});

test("emits while offline are sent in order at the connection, as they were then, before connect", async () => {
  const s = socket({ autoConnect: false });
  const value = { n: 1 };
  s.emit("a", value).emit("b", new ArrayBuffer(1));
  value.n = 2;
  s.on("connect", () => s.emit("d"));
  s.connect();
  s.emit("c");
  await time.settle();
  assert.deepEqual(sent(), [
    '2["a",{"n":1}]',
    '51-["b",{"_placeholder":true,"num":0}]',
    new Uint8Array(1),
    '2["c"]',
    '2["d"]',
  ]);
  assert.deepEqual(s.sendBuffer, []);
  s.disconnect();
});

test("the buffer survives a loss and keeps its order", async () => {
  const s = await connected();
  net.session.drop();
  await time.settle();
  for (let i = 0; i < 100; i++) s.emit("n", i);
  await time.pass(1000);
  assert.deepEqual(sent(), Array.from({ length: 100 }, (_, i) => `2["n",${i}]`));
  s.disconnect();
});

test("a bound on the buffer drops the oldest or the newest, and tells who waits for an answer", async () => {
  for (const [dropPolicy, left] of [
    ["oldest", ["2[\"n\",2]", "2[\"n\",3]"]],
    ["newest", ["2[\"n\",0]", "2[\"n\",1]"]],
  ] as const) {
    const s = socket({ autoConnect: false, maxBuffered: 2, dropPolicy });
    const failed: string[] = [];
    for (let i = 0; i < 4; i++) s.timeout(1000).emit("n", i, (err: Error) => failed.push(err.message));
    assert.deepEqual(failed, ["the buffer is full", "the buffer is full"]);
    assert.equal(time.pending, 2);
    s.connect();
    await time.settle();
    assert.deepEqual(sent().map((m) => (m as string).replace(/^2\d+/, "2")), left);
    s.disconnect();
    await time.settle();
  }
});

test("events from the server reach their listeners, whatever their names", async () => {
  const s = await connected();
  const got: any[] = [];
  for (const name of ["a", "", "__proto__", "constructor", "1", "client message"]) s.on(name, (...args) => got.push([name, ...args]));
  net.session.send('2["a",1,"x",null]', '2[""]', '2["__proto__",2]', '2["constructor"]', "2[1]", '2["client message",{"msg":"hi"}]');
  net.session.send('51-["a",{"_placeholder":true,"num":0}]', new Uint8Array([7]).buffer);
  await time.settle();
  assert.deepEqual(got, [
    ["a", 1, "x", null],
    [""],
    ["__proto__", 2],
    ["constructor"],
    ["1"],
    ["client message", { msg: "hi" }],
    ["a", new Uint8Array([7]).buffer],
  ]);
  s.disconnect();
});

test("events before the answer to CONNECT are delivered at the connection, before what was buffered", async () => {
  net.manners = { accept: false };
  const s = socket();
  await time.settle();
  s.emit("waiting");
  s.on("early", (n, ack) => {
    s.emit("reaction", n);
    ack?.("ok");
  });
  s.on("connect", () => s.emit("connected"));
  net.session.send('2["early",1]', '27["early",2]');
  await time.settle();
  assert.deepEqual(sent(), []);
  net.session.accept("0");
  await time.settle();
  assert.deepEqual(sent(), ['37["ok"]', '2["waiting"]', '2["reaction",1]', '2["reaction",2]', '2["connected"]']);
  s.disconnect();
});

test("answers reach the function of their emit, once, in any order", async () => {
  const s = await connected();
  const got: any[] = [];
  s.emit("a", (...args: any[]) => got.push(["a", ...args]));
  s.emit("b", 1, (...args: any[]) => got.push(["b", ...args]));
  await time.settle();
  assert.deepEqual(sent(), ['20["a"]', '21["b",1]']);
  net.session.send('31["two",2]', "30[]", '30["again"]', '399["unknown"]', '3["no id"]', '61-1[{"_placeholder":true,"num":0}]', new ArrayBuffer(1));
  await time.settle();
  assert.deepEqual(got, [["b", "two", 2], ["a"]]);
  assert.equal(s.connected, true);
  s.disconnect();
});

test("the client answers once, with anything, and not on another connection", async () => {
  const s = await connected();
  let late: any;
  s.on("q", (v, ack) => {
    ack(v, new Uint8Array([9]));
    ack("twice");
  });
  s.on("later", (ack) => (late = ack));
  net.session.send('25["q","x"]', '26["later"]');
  await time.settle();
  assert.deepEqual(sent(), ['61-5["x",{"_placeholder":true,"num":0}]', new Uint8Array([9])]);
  net.session.drop();
  await time.pass(1000);
  late("too late");
  await time.settle();
  assert.deepEqual(sent(), []);
  s.disconnect();
});

test("an answer that can't be encoded is the listener's mistake, and it may answer again", async () => {
  const s = await connected();
  s.on("q", (ack) => {
    try {
      ack(1n);
    } catch {
      ack("sorry");
    }
  });
  net.session.send('27["q"]');
  await time.settle();
  assert.deepEqual(sent(), ['37["sorry"]']);
  s.disconnect();
});

test("listeners of what goes may disconnect and emit while the buffer is sent", async () => {
  const s = socket({ autoConnect: false });
  for (let i = 0; i < 4; i++) s.emit("n", i);
  let first = true;
  s.onAnyOutgoing((_, n) => {
    if (n === 0 && first) s.emit("behind", n);
    if (n === 2 && first) {
      first = false;
      s.disconnect();
    }
  });
  s.connect();
  await time.settle();
  assert.deepEqual(sent(), ['2["n",0]', '2["n",1]', '2["n",2]', "1"]);
  s.connect();
  await time.settle();
  assert.deepEqual(sent(), ['2["n",3]', '2["behind",0]']);
  s.disconnect();
});

test("emitWithAck resolves to the first value", async () => {
  net.heard = (session, m) => {
    if (m === '20["q",1]') session.send('30["answer","more"]');
  };
  const s = await connected();
  assert.equal(await s.emitWithAck("q", 1), "answer");
  s.disconnect();
});

test("timeout: an error after that time, the answer before it, and no entry left", async () => {
  const s = await connected();
  const got: any[] = [];
  s.timeout(100).emit("slow", (err: any, v: any) => got.push([err?.message, v]));
  s.timeout(100).emit("fast", (err: any, v: any) => got.push([err, v]));
  await time.settle();
  net.session.send("31[7]");
  await time.pass(99);
  assert.deepEqual(got, [[null, 7]]);
  await time.pass(1);
  assert.deepEqual(got[1], ["operation has timed out", undefined]);
  net.session.send("30[8]");
  await time.settle();
  assert.equal(got.length, 2);
  assert.equal((s as any)._acks._waiting.size, 0);
  await assert.rejects(Promise.all([s.timeout(50).emitWithAck("x"), time.pass(50)]), /operation has timed out/);
  s.disconnect();
});

test("a timeout takes an event that has not left out of the buffer", async () => {
  const s = socket({ autoConnect: false });
  const got: any[] = [];
  s.timeout(100).emit("a", (err: any) => got.push(err.message));
  s.emit("b");
  await time.pass(100);
  assert.deepEqual(got, ["operation has timed out"]);
  s.connect();
  await time.settle();
  assert.deepEqual(sent(), ['2["b"]']);
  s.disconnect();
});

test("ackTimeout is the timeout of every acknowledgement", async () => {
  const s = socket({ ackTimeout: 100 });
  await time.settle();
  const got: any[] = [];
  s.emit("a", (err: any) => got.push(err.message));
  s.timeout(300).emit("b", (err: any) => got.push(err.message));
  await time.pass(100);
  assert.equal(got.length, 1);
  await time.pass(200);
  assert.equal(got.length, 2);
  s.disconnect();
});

test("at a loss, who takes an error gets one; others hear nothing; what has not left stays", async () => {
  const s = await connected();
  const got: any[] = [];
  s.emit("plain", (...args: any[]) => got.push(["plain", ...args]));
  s.timeout(10_000).emit("timed", (err: any) => got.push(["timed", err.message]));
  const promise = s.emitWithAck("promised").catch((err) => got.push(["promised", err.message]));
  await time.settle();
  net.session.drop();
  await time.settle();
  await promise;
  assert.deepEqual(got, [
    ["timed", "socket has been disconnected"],
    ["promised", "socket has been disconnected"],
  ]);
  assert.equal((s as any)._acks._waiting.size, 0);

  s.emit("offline", (v: any) => got.push(["offline", v]));
  net.heard = (session, m) => {
    const id = /^2(\d+)\["offline"/.exec(m as string);
    if (id) session.send(`3${id[1]}["yes"]`);
  };
  s.disconnect();
  s.connect();
  await time.settle();
  assert.deepEqual(got[2], ["offline", "yes"]);
  s.disconnect();
});

test("a callback that throws is reported and harms nothing", async () => {
  const s = await connected();
  s.emit("a", () => {
    throw new Error("mine");
  });
  await time.settle();
  net.session.send("30[]");
  await time.pass(0);
  assert.deepEqual(time.thrown.map((e) => e.message), ["mine"]);
  assert.equal(s.connected, true);
  s.disconnect();
});

test("volatile: sent when the connection is idle, else dropped, never buffered", async () => {
  const s = await connected();
  s.volatile.emit("v", 1);
  s.volatile.emit("v", 2);
  s.emit("x");
  await time.settle();
  s.emit("y").volatile.emit("v", 3);
  await time.settle();
  s.volatile.emit("v", 4);
  await time.settle();
  (net.session.ws as any).bufferedAmount = 100;
  s.volatile.emit("v", 5);
  (net.session.ws as any).bufferedAmount = 0;
  await time.settle();
  assert.deepEqual(sent(), ['2["v",1]', '2["x"]', '2["y"]', '2["v",4]']);
  s.disconnect();
  s.volatile.emit("v", 6);
  assert.equal(s.sendBuffer.length, 0);
});

test("a dropped event leaves no function behind, unless it has a timeout", async () => {
  const s = await connected();
  const got: any[] = [];
  s.emit("x");
  s.volatile.emit("v", () => got.push("never"));
  s.volatile.timeout(100).emit("v", (err: any) => got.push(err.message));
  assert.equal((s as any)._acks._waiting.size, 1);
  await time.pass(100);
  assert.deepEqual([got, (s as any)._acks._waiting.size], [["operation has timed out"], 0]);
  s.disconnect();
});

test("modifiers hold for one emit", async () => {
  const s = await connected();
  const options: any[] = [];
  s.io.engine.on("packetCreate", (p) => options.push(p.options));
  s.compress(false).emit("a");
  s.emit("b").emit("c");
  assert.deepEqual(options, [{ compress: false }, { compress: true }, { compress: true }]);
  s.disconnect();
});

test("catch-all listeners hear what comes and what goes, when it goes", async () => {
  const s = socket({ autoConnect: false });
  const heard: any[] = [];
  const last = (...args: any[]) => heard.push(["last", ...args]);
  const out = (...args: any[]) => heard.push(["out", ...args]);
  s.onAny(last).prependAny((...args) => heard.push(["first", ...args]));
  s.onAnyOutgoing(out).prependAnyOutgoing((...args) => heard.push(["before out", ...args]));
  assert.deepEqual([s.listenersAny().length, s.listenersAnyOutgoing().length], [2, 2]);
  s.on("x", () => heard.push(["x"]));
  s.emit("buffered", 1);
  assert.deepEqual(heard, []);
  s.connect();
  await time.settle();
  net.session.send('2["x",1]');
  await time.settle();
  assert.deepEqual(heard.splice(0), [
    ["before out", "buffered", 1],
    ["out", "buffered", 1],
    ["first", "x", 1],
    ["last", "x", 1],
    ["x"],
  ]);
  s.offAny(last).offAnyOutgoing(out).offAny(() => {});
  net.session.send('2["x",2]');
  s.emit("y");
  await time.settle();
  assert.deepEqual(heard.splice(0), [["before out", "y"], ["first", "x", 2], ["x"]]);
  s.offAny().offAnyOutgoing();
  assert.deepEqual([s.listenersAny(), s.listenersAnyOutgoing()], [[], []]);
  s.disconnect();
});

test("anything is a catch-all by request", async () => {
  for (const anything of [false, true]) {
    const s = socket({ anything });
    await time.settle();
    const heard: any[] = [];
    s.on("anything", (...args) => heard.push(args));
    net.session.send('2["x",1]');
    await time.settle();
    assert.deepEqual(heard, anything ? [["x", 1]] : []);
    s.disconnect();
  }
});

test("after a sleep an emit does not go into a dead connection", async () => {
  const s = await connected();
  s.story = [];
  time.sleep(60_000);
  s.emit("x");
  await time.settle();
  assert.deepEqual(s.story, ["disconnect:ping timeout"]);
  await time.pass(1000);
  assert.deepEqual(sent(), ['2["x"]']);
  s.disconnect();
});

test("a page that is looked at again after a sleep finds out at once that the connection is dead", async () => {
  const g = globalThis as any;
  const page = new EventTarget(); // the window, where events of the document arrive too
  g.addEventListener = page.addEventListener.bind(page);
  g.removeEventListener = page.removeEventListener.bind(page);
  g.document = { visibilityState: "visible" };
  try {
    const s = await connected();
    s.story = [];
    page.dispatchEvent(new Event("visibilitychange"));
    await time.settle();
    assert.deepEqual(s.story, []);
    time.sleep(60_000);
    page.dispatchEvent(new Event("visibilitychange"));
    await time.settle();
    assert.deepEqual(s.story, ["disconnect:ping timeout"]);
    s.disconnect();
  } finally {
    delete g.addEventListener;
    delete g.removeEventListener;
    delete g.document;
  }
});

test("bytes that were given away before they left end that connection only", async () => {
  const s = await connected();
  s.story = [];
  const send = net.session.ws!.send;
  net.session.ws!.send = () => {
    throw new TypeError("detached");
  };
  s.emit("x", new ArrayBuffer(1));
  await time.settle();
  net.session.ws!.send = send;
  assert.deepEqual(s.story, ["disconnect:transport error:websocket error"]);
  await time.pass(1000);
  s.emit("y");
  await time.settle();
  assert.deepEqual(sent(), ['2["y"]']);
  s.disconnect();
});

test("a listener that disconnects stops the events behind it", async () => {
  const s = await connected();
  let n = 0;
  s.on("x", () => {
    n++;
    s.disconnect();
  });
  net.session.send('2["x"]', '2["x"]');
  await time.settle();
  assert.equal(n, 1);
});
