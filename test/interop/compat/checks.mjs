// What holds for clients of every version. Each check gets a cell, and may use two sockets that all of them share.

import assert from "node:assert/strict";
import { ask, collect, next, plain, reason, sleep, until } from "./cell.mjs";

const equal = (got, want) => assert.deepEqual(plain(got), plain(want));

// lost is how the end of a connection looks from the other side.
const lost = /^transport (close|error)$/;

async function lastReason(a, sid) {
  return until(async () => (await ask(a, "last-disconnect", sid))[0]);
}

export const checks = {
  async "protocol version"({ cell, a }) {
    const [me] = await ask(a, "whoami");
    assert.equal(me.eio, cell.old ? 3 : 4);
    assert.equal(me.sid, a.id);
    assert.equal(me.recovered, false);
    equal(me.auth, {});
    equal(me.rooms, [a.id]);
  },

  async "transport in use"({ cell, a }) {
    const last = cell.transports.at(-1);
    await until(() => a.io.engine.transport.name === last);
    await until(async () => (await ask(a, "whoami"))[0].transport === last);
  },

  async query({ cell, a }) {
    const welcome = await a.welcome;
    assert.equal(welcome.q, "a & b = c+1");
    assert.equal((await ask(a, "whoami"))[0].q, "a & b = c+1");
    assert.equal(welcome.sid, a.id);
  },

  async "text and JSON"({ a }) {
    const values = ["てすと Я Б Г Ä ä Ü ü ß € 😀 \u2028\u0000\"\\", "", 0, -1.5, 1e-7, 2 ** 53, true, false, null, [], {}, { a: [{ b: null }], "": 1 }];
    const back = next(a, "echo-back", values.length);
    a.emit("echo", ...values);
    equal(await back, values);
    const none = next(a, "echo-back", 0);
    a.emit("echo");
    equal(await none, []);
  },

  async acknowledgement({ a }) {
    equal(await ask(a, "echo-ack"), []);
    equal(await ask(a, "echo-ack", 1, "zwei", { drei: [3] }, null), [1, "zwei", { drei: [3] }, null]);
  },

  async "fifty acknowledgements"({ a }) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(a, "echo-ack", i)));
    equal(answers, Array.from({ length: 50 }, (_, i) => [i]));
  },

  async "binary acknowledgement"({ a }) {
    const data = Buffer.from([0, 1, 2, 253, 254, 255]);
    const [answer] = await ask(a, "bin-ack", data);
    equal(answer, { isBin: true, len: 6, data, nested: { a: [data] } });
  },

  async "several attachments"({ a }) {
    const values = [Buffer.from("first"), { in: [Buffer.alloc(0), { deep: Buffer.from([255]) }], text: "with" }, "between", Buffer.alloc(1000, 7)];
    const back = next(a, "echo-back", values.length);
    a.emit("echo", ...values);
    equal(await back, values);
  },

  async "acknowledgement asked by the server"({ a }) {
    a.once("question", (...args) => {
      const ack = args.pop();
      ack("answer", args, Buffer.from("bytes"));
    });
    const answered = next(a, "answered", 3);
    a.emit("ask-me", "why", Buffer.from("?"));
    equal(await answered, ["answer", ["why", Buffer.from("?")], Buffer.from("bytes")]);
  },

  async rooms({ cell, a, b }) {
    const [room, muted] = [cell.room(), cell.room()];
    const heard = [collect(a, "room-msg", 2), collect(b, "room-msg", 2)];
    // Each broadcast is over when both were asked something behind it.
    const settled = () => Promise.all([ask(a, "echo-ack"), ask(b, "echo-ack")]).then(() => Promise.all([ask(a, "echo-ack"), ask(b, "echo-ack")]));
    equal(await ask(a, "join", room), []);
    equal(await ask(b, "join", room), []);
    equal(await ask(b, "join", muted), []);
    assert.ok((await ask(b, "whoami"))[0].rooms.includes(muted));
    a.emit("bcast", room, 1);
    await settled();
    equal(heard, [[], [[room, 1]]]);
    a.emit("io-bcast", room, Buffer.from("2"));
    await settled();
    equal(heard, [[[room, Buffer.from("2")]], [[room, 1], [room, Buffer.from("2")]]]);
    a.emit("bcast-except", room, muted, 3);
    await settled();
    assert.equal(heard[0].length, 2);
    assert.equal(heard[1].length, 2);
    equal(await ask(b, "leave", room), []);
    a.emit("io-bcast", room, 4);
    await settled();
    assert.equal(heard[0].length, 3);
    assert.equal(heard[1].length, 2);
  },

  async "broadcast with acknowledgement"({ cell, a, b }) {
    const room = cell.room();
    await ask(a, "join", room);
    await ask(b, "join", room);
    a.once("please-ack", (ack) => ack("from a"));
    b.once("please-ack", (ack) => ack("from b"));
    const [err, answers] = await ask(a, "bcast-ack", room);
    assert.equal(err, null);
    equal(answers.sort(), ["from a", "from b"]);
    a.once("please-ack", (ack) => ack("from a")); // b says nothing
    const [late, some] = await ask(a, "bcast-ack", room);
    assert.ok(late);
    equal(some, ["from a"]);
  },

  async "several namespaces"({ cell, a }) {
    const chat = await cell.connect("/chat", { manager: a.io });
    const [me] = await ask(chat, "whoami");
    assert.equal(chat.io.engine, a.io.engine);
    assert.ok(me.sid !== a.id && !me.rooms.includes(a.id));
    if (cell.old) assert.equal(me.sid, "/chat#" + a.id);
    if (!cell.old || cell.knowsItsPrefix) assert.equal(me.sid, chat.id);
    const silence = collect(a, "echo-back", 1);
    const back = next(chat, "echo-back");
    chat.emit("echo", "in chat");
    equal(await back, ["in chat"]);
    equal(silence, []);
    chat.disconnect();
    equal(await ask(a, "echo-ack", "still here"), ["still here"]);
    assert.equal(await lastReason(a, me.sid), "client namespace disconnect");
  },

  async "dynamic namespace"({ cell, a }) {
    const [one, two] = await Promise.all([cell.connect("/dyn-1", { manager: a.io }), cell.connect("/dyn-2", { manager: a.io })]);
    const room = cell.room();
    await Promise.all([ask(one, "join", room), ask(two, "join", room)]);
    const silence = collect(two, "room-msg", 2);
    const heard = next(one, "room-msg", 2);
    one.emit("io-bcast", room, "to one");
    equal(await heard, [room, "to one"]);
    equal(await ask(two, "echo-ack", 1), [1]);
    equal(silence, []);
    one.disconnect();
    two.disconnect();
  },

  async "credentials that are accepted"({ cell }) {
    const socket = await cell.connect("/auth", { auth: { token: "secret", more: "a &" } });
    equal((await ask(socket, "whoami"))[0].auth, { token: "secret", more: "a &" });
    socket.io.engine.close();
  },

  async "credentials that are refused"({ cell }) {
    const refusals = await Promise.all([{ token: "bad" }, { token: "none" }].map((auth) => cell.refusal(cell.open("/auth", { auth, reconnection: false }))));
    if (cell.old) {
      equal(refusals, [{ code: 401 }, "not authorized"]);
    } else {
      equal(refusals.map((r) => r.message), ["not authorized", "not authorized"]);
      equal(refusals.map((r) => r.data), [{ code: 401 }, undefined]);
    }
  },

  async "unknown namespace"({ cell, a }) {
    const socket = cell.open("/nowhere", { manager: a.io });
    const refused = await cell.refusal(socket);
    assert.equal(refused.message, "Invalid namespace");
    equal(await ask(a, "echo-ack", "still here"), ["still here"]);
    socket.disconnect();
  },

  async volatile({ a }) {
    const seen = collect(a, "v", 1);
    const done = next(a, "v-done");
    a.emit("volatile", 20);
    equal(await done, [20]);
    const numbers = seen.map(([n]) => n);
    equal(numbers, [...new Set(numbers)].filter((n) => n >= 0 && n < 20).sort((x, y) => x - y));
    a.off("v");
  },

  async "server disconnects the socket"({ cell, a }) {
    const socket = await cell.connect("/");
    const sid = socket.id;
    const why = reason(socket);
    socket.emit("kick", false);
    assert.equal(await why, "io server disconnect");
    assert.equal(await lastReason(a, sid), "server namespace disconnect");
    await sleep(150); // a client that comes back by itself would do it now
    assert.equal(socket.connected, false);
  },

  async "server closes the connection"({ cell, a }) {
    const socket = await cell.connect("/", { reconnection: false });
    const chat = await cell.connect("/chat", { manager: socket.io });
    const sid = socket.id;
    const whys = Promise.all([reason(socket), reason(chat)]);
    socket.emit("kick", true);
    equal(await whys, ["io server disconnect", "io server disconnect"]);
    assert.equal(await lastReason(a, sid), "server namespace disconnect");
  },

  async "client disconnects"({ cell, a }) {
    const socket = await cell.connect("/");
    const sid = socket.id;
    const why = reason(socket);
    socket.disconnect();
    assert.equal(await why, "io client disconnect");
    assert.equal(await lastReason(a, sid), "client namespace disconnect");
  },

  async "client closes the connection"({ cell, a }) {
    const socket = await cell.connect("/", { reconnection: false });
    const sid = socket.id;
    socket.io.engine.close();
    assert.match(await lastReason(a, sid), lost);
  },

  async "drop and automatic reconnection"({ cell }) {
    const socket = await cell.connect("/");
    const why = reason(socket);
    socket.emit("drop");
    assert.match(await why, lost);
    await new Promise((resolve) => socket.once("connect", resolve));
    const [me] = await ask(socket, "whoami");
    assert.equal(me.sid, socket.id);
    assert.equal(me.recovered, cell.recovers);
  },

  async "reconnection by hand"({ cell, a }) {
    const socket = await cell.connect("/");
    const before = socket.id;
    socket.disconnect();
    assert.equal(await lastReason(a, before), "client namespace disconnect");
    socket.connect();
    await new Promise((resolve) => socket.once("connect", resolve));
    assert.notEqual(socket.id, before);
    assert.equal((await ask(socket, "whoami"))[0].sid, socket.id);
  },

  async "heartbeats while idle"({ cell }) {
    const socket = await cell.connect("/");
    const before = socket.id;
    let broke = "";
    socket.once("disconnect", (why) => (broke = why));
    await sleep(2500); // more than a ping and its timeout
    assert.equal(broke, "");
    equal(await ask(socket, "echo-ack", "alive"), ["alive"]);
    assert.equal(socket.id, before);
  },

  async "300 kB of text and of bytes"({ a }) {
    const text = "é€".repeat(60_000); // in UTF-8
    equal(await ask(a, "echo-ack", text), [text]);
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
    equal(await ask(a, "echo-ack", bytes), [bytes]);
  },

  async "two hundred messages in order"({ a }) {
    const kinds = [(i) => i, (i) => `text ${i}`, (i) => ({ i }), (i) => Buffer.from(`bytes ${i}`), (i) => [Buffer.from([i]), { b: Buffer.from("b") }]];
    const want = Array.from({ length: 200 }, (_, i) => kinds[i % kinds.length](i));
    const seen = collect(a, "echo-back", 1);
    for (const value of want) a.emit("echo", value);
    await until(() => seen.length >= want.length);
    equal(seen.map(([v]) => v), want);
  },

  async "state recovery"({ cell }) {
    if (!cell.recovers) return "not in this version";
    const socket = await cell.connect("/");
    await socket.welcome;
    const room = cell.room();
    await ask(socket, "join", room);
    const sid = socket.id;
    const missed = collect(socket, "missed", 1);
    const why = reason(socket);
    socket.emit("drop-then-emit", 3);
    assert.match(await why, lost);
    await new Promise((resolve) => socket.once("connect", resolve));
    assert.equal(socket.recovered, true);
    assert.equal(socket.id, sid);
    const [me] = await ask(socket, "whoami");
    assert.ok(me.recovered && me.rooms.includes(room));
    equal(missed, [[0], [1], [2]]);
  },
};
