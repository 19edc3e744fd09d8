// Connection state recovery, and delivery at least once.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Offset } from "../src/offset";
import { connected, net, socket, time } from "./world";

beforeEach(() => {
  net.manners = {};
  net.heard = () => {};
});

/** A server that has recovery; it recovers a session when it knows the pid. */
function recovering(pid: string, known: boolean, replay: string[] = []): void {
  net.manners = { accept: false };
  net.heard = (session, m) => {
    if (typeof m !== "string" || m[0] !== "0") return;
    if (known && m.includes(pid)) {
      session.send(...replay);
      session.send(`0{"sid":"same","pid":"${pid}"}`);
    } else {
      session.send(`0{"sid":"${known ? "same" : session.sid}","pid":"${known ? pid : "pid-" + session.sid}"}`);
    }
  };
}

test("a recovered session keeps its id, delivers what was missed, then fires connect", async () => {
  recovering("private", true, ['2["missed",1,"PexYz1r"]', '2["missed",2,"PexYz1s"]']);
  const s = await connected();
  assert.deepEqual([s.id, s.recovered], ["same", false]);
  net.session.send('2["x","PexYz1q"]');
  s.on("missed", (n) => s.story.push(`missed ${n} ${s.connected} ${s.recovered}`));
  await time.settle();
  net.session.drop();
  s.story = [];
  await time.pass(1000);
  assert.equal(net.session.messages[0], '0{"pid":"private","offset":"PexYz1q"}');
  assert.deepEqual(s.story.slice(-3), ["missed 1 true true", "missed 2 true true", "connect"]);
  assert.equal(s.recovered, true);
  net.session.drop();
  await time.pass(1000);
  assert.equal(net.session.messages[0], '0{"pid":"private","offset":"PexYz1s"}');
  s.disconnect();
});

test("a session that received nothing asks with its pid alone; credentials win", async () => {
  recovering("private", true);
  const s = socket({ auth: { token: 1 } });
  await time.settle();
  net.session.drop();
  await time.pass(1000);
  assert.equal(net.session.messages[0], '0{"pid":"private","token":1}');
  assert.equal(s.recovered, true);
  s.auth = { pid: "mine" };
  net.session.drop();
  await time.pass(1000);
  assert.equal(net.session.messages[0], '0{"pid":"mine"}');
  s.disconnect();
});

test("a session that is not recovered begins anew, with an offset of its own", async () => {
  recovering("", false);
  const s = await connected();
  net.session.send('2["x","PexYz1q"]');
  await time.settle();
  const first = s.id;
  net.session.drop();
  await time.pass(1000);
  assert.deepEqual([s.recovered, s.id === first], [false, false]);
  net.session.drop();
  await time.pass(1000);
  assert.equal(net.session.messages[0], `0{"pid":"pid-${net.sessions[net.sessions.length - 2].sid}"}`);
  s.disconnect();
});

test("a server without recovery is never asked for it", async () => {
  const s = await connected();
  net.session.send('2["x","PexYz1q"]');
  await time.settle();
  net.session.drop();
  await time.pass(1000);
  assert.equal(net.session.messages[0], "0");
  assert.equal(s.recovered, false);
  s.disconnect();
});

test("what came before an answer that never came is forgotten: the server sends it again", async () => {
  recovering("private", true, ['2["missed",1,"PexYz1r"]']);
  const s = await connected();
  let n = 0;
  s.on("missed", () => n++);
  net.heard = (session) => session.send('2["missed",1,"PexYz1r"]');
  net.session.drop();
  await time.pass(1000);
  recovering("private", true, ['2["missed",1,"PexYz1r"]']);
  net.session.drop();
  await time.pass(10_000);
  assert.deepEqual([s.connected, n], [true, 1]);
  s.disconnect();
});

const last = (first: string | undefined, ...seen: any[]) => {
  const o = new Offset();
  o._start(first);
  seen.forEach((v) => o._note(v));
  return o._value;
};

test("an offset is told from the last argument of a volatile event", () => {
  // Base 64 time, with a suffix when two events fall in one millisecond; stream ids; object ids.
  assert.equal(last(undefined, "PexYz1q", "PexYz1q.0", "PexYz2-"), "PexYz2-");
  assert.equal(last(undefined, "1700000000000-0", "1700000000001-12"), "1700000000001-12");
  assert.equal(last(undefined, "65a1b2c3d4e5f60718293a4b", "65a1b2c4d4e5f60718293a4c"), "65a1b2c4d4e5f60718293a4c");
  for (const other of ["", "x", "bob", "hello world", "running", "PexYz1", "Пример1", "P xYz1q", "Pex.Yz1q", null, 7, {}, undefined]) {
    assert.equal(last(undefined, "PexYz1q", other), "PexYz1q", JSON.stringify(other));
  }
  for (const other of ["", "bob", "hello world", "a typing user", "x".repeat(10) + "!"]) {
    assert.equal(last(undefined, other), undefined, other);
  }
});

test("a first offset from the server settles what offsets look like", () => {
  assert.equal(last("0-0", "1-1"), "0-0");
  assert.equal(last("0000000-0", "0000001-0", "running", "alice-7"), "0000001-0");
});

test("events that ask for an answer are not stored, so their last argument is no offset", async () => {
  recovering("private", true);
  const s = await connected();
  net.session.send('2["x","PexYz1q"]', '27["ask","PexYz9z"]');
  await time.settle();
  net.session.drop();
  await time.pass(1000);
  assert.equal(net.session.messages[0], '0{"pid":"private","offset":"PexYz1q"}');
  s.disconnect();
});

test("retries: one event at a time, each again with its id until it is answered", async () => {
  let silent = 2;
  net.heard = (session, m) => {
    const id = /^2(\d+)/.exec(m as string);
    if (id && silent-- <= 0) session.send(`3${id[1]}["ok ${id[1]}"]`);
  };
  const s = socket({ retries: 3, ackTimeout: 100 });
  const got: any[] = [];
  s.emit("a", (...args: any[]) => got.push(["a", ...args]));
  s.emit("b", 1, (...args: any[]) => got.push(["b", ...args]));
  s.volatile.emit("v");
  await time.pass(300);
  assert.deepEqual(net.session.messages, ['0{"resends":true}', '20["a"]', '20["a"]', '20["a"]', '21["b",1]']);
  assert.deepEqual(got, [
    ["a", null, "ok 0"],
    ["b", null, "ok 1"],
  ]);
  s.disconnect();
});

test("retries: after the last try the error, and the next event goes", async () => {
  net.heard = (session, m) => {
    if (m === '21["b"]') session.send("31[]");
  };
  const s = socket({ retries: 2, ackTimeout: 100 });
  const got: any[] = [];
  s.emit("a", (err: any) => got.push(["a", err.message]));
  s.emit("b");
  const c = s.emitWithAck("c").catch((err) => got.push(["c", err.message]));
  await time.pass(1000);
  await c;
  assert.deepEqual(net.session.messages.slice(1), ['20["a"]', '20["a"]', '20["a"]', '21["b"]', '22["c"]', '22["c"]', '22["c"]']);
  assert.deepEqual(got, [
    ["a", "operation has timed out"],
    ["c", "operation has timed out"],
  ]);
  assert.equal((s as any)._retry._length, 0);
  s.disconnect();
});

test("retries: at a reconnection the event under way is sent again at once, before connect", async () => {
  const s = socket({ retries: 1, ackTimeout: 60_000 });
  s.on("connect", () => s.emit("connected"));
  s.emit("a");
  await time.settle();
  net.session.drop();
  await time.settle();
  net.heard = (session, m) => {
    const id = /^2(\d+)/.exec(m as string);
    if (id) session.send(`3${id[1]}[]`);
  };
  await time.pass(1000);
  assert.deepEqual(net.session.messages, ['0{"resends":true}', '20["a"]', '21["connected"]', '22["connected"]']);
  s.disconnect();
});

test("retries: what can't be encoded throws and holds up nothing; a full queue refuses", async () => {
  const s = socket({ autoConnect: false, retries: 2, ackTimeout: 100, maxBuffered: 2 });
  assert.throws(() => s.emit("x", 1n));
  const got: any[] = [];
  for (let i = 0; i < 3; i++) s.emit("n", i, (err: any) => got.push([i, err?.message]));
  assert.deepEqual(got, [[2, "the buffer is full"]]);
  net.heard = (session, m) => {
    const id = /^2(\d+)/.exec(m as string);
    if (id) session.send(`3${id[1]}[]`);
  };
  s.connect();
  await time.settle();
  assert.deepEqual(got.slice(1), [
    [0, undefined],
    [1, undefined],
  ]);
  s.disconnect();
});

test("a late answer to an earlier try counts, once", async () => {
  const s = socket({ retries: 5, ackTimeout: 100 });
  const got: any[] = [];
  s.emit("a", (...args: any[]) => got.push(args));
  await time.pass(150);
  net.session.send("30[1]", "30[2]");
  await time.pass(1000);
  assert.deepEqual(got, [[null, 1]]);
  assert.deepEqual(net.session.messages, ['0{"resends":true}', '20["a"]', '20["a"]']);
  s.disconnect();
});
