// Engine.IO sessions: handshake, heartbeat, polling, upgrade, close.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Fetch, WebSocket } from "../src/index";
import { connected, net, socket, time } from "./world";

beforeEach(() => {
  net.manners = {};
  net.heard = () => {};
});

const polling = { transports: ["polling" as const] };
const both = { transports: ["polling" as const, "websocket" as const] };
const requests = () => net.requests.map((r) => r.method);

/** Everything the server may send instead of a handshake; each is a connection error, never a crash. */
const badHandshakes: { [name: string]: string } = {
  "bad JSON": "0{sid:1}",
  "no JSON": "0",
  null: "0null",
  "an array": "0[]",
  "no sid": '0{"upgrades":[],"pingInterval":1,"pingTimeout":1}',
  "a sid that is not text": '0{"sid":{},"upgrades":[],"pingInterval":1,"pingTimeout":1}',
  "no upgrades": '0{"sid":"a","pingInterval":1,"pingTimeout":1}',
  "no ping interval": '0{"sid":"a","upgrades":[],"pingTimeout":1}',
  "a ping timeout that is not a number": '0{"sid":"a","upgrades":[],"pingInterval":1,"pingTimeout":"x"}',
  "a negative maxPayload": '0{"sid":"a","upgrades":[],"pingInterval":1,"pingTimeout":1,"maxPayload":-1}',
  "another packet first": "4hello",
  "not a packet": "<html>",
};

for (const name of Object.keys(badHandshakes)) {
  for (const transport of ["polling", "websocket"] as const) {
    test(`handshake over ${transport}: ${name} is a connection error`, async () => {
      net.manners = { open: badHandshakes[name] };
      const s = socket({ transports: [transport], reconnectionDelay: 100 });
      await time.settle();
      assert.deepEqual(s.story.slice(0, 2), ["connect_error:server error", "connect_failed:server error"]);
      net.manners = {};
      await time.pass(100);
      assert.equal(s.connected, true);
      s.disconnect();
    });
  }
}

test("an error of a request has its status and its response", async () => {
  net.manners = { status: 403 };
  const s = socket({ ...polling, reconnection: false });
  const [err] = await new Promise<any[]>((resolve) => s.on("connect_error", (...args) => resolve(args)));
  assert.equal(err.message, "xhr poll error");
  assert.deepEqual([err.type, err.description, err.context.status], ["TransportError", 403, 403]);
});

test("pings are answered and keep the connection; silence ends it", async () => {
  const s = await connected();
  const seen: string[] = [];
  for (const e of ["ping", "pong", "heartbeat"]) s.io.engine.on(e, () => seen.push(e));
  for (let i = 0; i < 10; i++) {
    await time.pass(40_000);
    net.session.ping();
    await time.settle();
  }
  assert.equal(net.session.packets.filter((p) => p.type === "pong").length, 10);
  assert.deepEqual(seen.slice(0, 3), ["heartbeat", "ping", "pong"]);
  await time.pass(44_999);
  assert.equal(s.connected, true);
  s.story = [];
  await time.pass(1);
  assert.deepEqual(s.story, ["disconnect:ping timeout"]);
  s.disconnect();
});

test("a CLOSE packet ends the connection, over either transport", async () => {
  for (const transport of ["polling", "websocket"] as const) {
    const s = await connected({ transports: [transport] });
    s.story = [];
    net.session.sendPackets({ type: "close" });
    await time.settle();
    assert.deepEqual(s.story, ["disconnect:transport close"]);
    s.disconnect();
  }
});

test("what is not a packet ends the connection", async () => {
  for (const [transport, frame] of [
    ["websocket", "abc"],
    ["websocket", ""],
    ["websocket", "bnot base64"],
    ["polling", "6\x1eabc"],
    ["polling", ""],
  ] as const) {
    const s = await connected({ transports: [transport], reconnection: false });
    const errors: any[] = [];
    s.io.on("error", (err) => errors.push(err.message));
    s.story = [];
    net.session.raw(frame);
    await time.settle();
    assert.deepEqual([s.story, errors], [["disconnect:transport error:server error"], ["server error"]]);
  }
});

test("packets that mean nothing now are ignored", async () => {
  const s = await connected();
  net.session.raw('0{"sid":"other","upgrades":[],"pingInterval":1,"pingTimeout":1}');
  net.session.sendPackets({ type: "noop" }, { type: "pong", data: "probe" }, { type: "upgrade" });
  await time.pass(1000);
  assert.equal(s.connected, true);
  assert.equal(s.io.engine.id, net.session.sid);
  s.disconnect();
});

test("polling: one GET waits, one POST at a time carries all that is ready", async () => {
  const from = net.requests.length;
  const s = await connected(polling);
  s.emit("a").emit("b", new Uint8Array([1]), new Blob(["hey"]));
  await time.settle();
  assert.deepEqual(requests().slice(from), ["GET", "GET", "POST", "GET", "POST"]);
  assert.equal(
    net.session.posts[1],
    '42["a"]\x1e452-["b",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]\x1ebAQ==\x1ebaGV5',
  );
  net.session.slow = true;
  for (let i = 0; i < 5; i++) {
    s.emit("n", i);
    await time.settle();
  }
  assert.equal(net.session.posts.length, 3);
  net.session.release();
  await time.settle();
  assert.equal(net.session.posts[3], [1, 2, 3, 4].map((i) => `42["n",${i}]`).join("\x1e"));
  const urls = net.requests.slice(from).map((r) => r.url.searchParams.get("t"));
  assert.equal(new Set(urls).size, urls.length, "every URL is unique");
  s.disconnect();
});

test("polling: a POST stays under maxPayload, in bytes", async () => {
  net.manners = { open: { maxPayload: 100 } };
  const s = await connected(polling);
  const before = net.session.posts.length;
  for (let i = 0; i < 6; i++) s.emit("m", "é".repeat(15));
  s.emit("big", "x".repeat(150)).emit("bin", new ArrayBuffer(60)).emit("bin", new ArrayBuffer(60));
  await time.settle();
  const posts = net.session.posts.slice(before);
  for (const body of posts) {
    const single = !body.includes("\x1e");
    assert.ok(single || Buffer.byteLength(body) <= 100, `${Buffer.byteLength(body)} bytes in one POST`);
  }
  assert.equal(posts.length, 3 + 1 + 3 + 1);
  assert.equal(net.session.messages.length, 1 + 6 + 1 + 4);
  s.disconnect();
});

test("polling: a payload has at most 16,384 packets", async () => {
  const s = await connected(polling);
  for (let i = 0; i < 16_385; i++) s.emit("");
  await time.settle();
  assert.deepEqual(net.session.posts.slice(1).map((b) => b.split("\x1e").length), [16_384, 1]);
  s.disconnect();
});

test("polling: a lost session is a transport error", async () => {
  const s = await connected(polling);
  s.story = [];
  net.session.drop();
  await time.settle();
  assert.deepEqual(s.story, ["disconnect:transport error:xhr poll error"]);
  await time.pass(1000);
  assert.equal(s.connected, true);
  s.disconnect();
});

test("polling: a refused POST tells its status to disconnect", async () => {
  const s = await connected({ ...polling, reconnection: false });
  net.session.closed = true;
  const gone = new Promise<any[]>((resolve) => s.on("disconnect", (...args) => resolve(args)));
  s.emit("x");
  const [reason, details] = await gone;
  assert.deepEqual([reason, details.message, details.description], ["transport error", "xhr post error", 400]);
});

test("polling: a disconnect sends what waits, then closes the session", async () => {
  const s = await connected(polling);
  s.emit("last").disconnect();
  await time.settle();
  assert.deepEqual(net.session.posts.slice(1), ['42["last"]\x1e41', "1"]);
  assert.equal(net.session.closed, true);
  assert.equal(net.requests[net.requests.length - 1].init.keepalive, true, "also when the page is left");
  assert.equal(time.pending, 0);
});

test("polling: no goodbye to a session that the server has ended, one to a session that lives", async () => {
  const posts = async (end: () => void) => {
    const s = await connected({ ...polling, reconnection: false });
    const from = net.requests.length;
    end();
    await time.settle();
    s.disconnect();
    await time.settle();
    return net.requests.slice(from).filter((r) => r.method === "POST" && r.init.body === "1").length;
  };
  assert.equal(await posts(() => net.session.sendPackets({ type: "close" })), 0);
  assert.equal(await posts(() => net.session.answerPoll(400)), 0);
  assert.equal(await posts(() => net.session.answerPoll(413)), 1);
  assert.equal(await posts(() => net.session.raw("garbage")), 1);
});

test("polling: a session whose handshake comes after the disconnect is closed", async () => {
  let answer!: () => void;
  const real = globalThis.fetch;
  globalThis.fetch = (async (url: any, init: any) => {
    if (init.method === "GET") await new Promise<void>((resolve) => (answer = resolve));
    return real(url, init);
  }) as any;
  const s = socket(polling);
  await time.settle();
  s.disconnect();
  globalThis.fetch = real;
  answer();
  await time.settle();
  assert.deepEqual(net.session.posts, ["1"]);
});

test("polling: a handshake that never comes is cut off after the disconnect", async () => {
  net.manners = { silent: true };
  const s = socket(polling);
  await time.settle();
  const { signal } = net.requests[net.requests.length - 1].init;
  s.disconnect();
  await time.pass(5000);
  assert.equal(signal.aborted, true);
});

test("polling: requestTimeout bounds each request", async () => {
  net.manners = { silent: true };
  const s = socket({ ...polling, requestTimeout: 500, reconnection: false });
  await time.pass(500);
  assert.deepEqual(s.story, ["connect_error:xhr poll error", "connect_failed:xhr poll error"]);
  assert.equal(time.pending, 0);
});

test("polling: an endless response is cut off", async () => {
  const real = globalThis.fetch;
  let sent = 0;
  let cancelled = false;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull: (c) => {
          sent += 1 << 16;
          c.enqueue(new Uint8Array(1 << 16).fill(48));
        },
        cancel: () => {
          cancelled = true;
        },
      }),
    );
  try {
    globalThis.fetch = (async () => endless()) as any;
    const s = socket({ ...polling, reconnection: false });
    await time.settle();
    assert.equal(s.story[0], "connect_error:server error");
    assert.ok(cancelled && sent <= 1 << 22, `${sent} bytes were taken`);

    globalThis.fetch = real;
    const t = await connected({ ...polling, reconnection: false, maxResponse: 1 << 18 });
    t.story = [];
    sent = 0;
    globalThis.fetch = (async () => endless()) as any;
    net.session.ping(); // ends the poll; the next one is the endless one
    await time.settle();
    assert.deepEqual(t.story, ["disconnect:transport error:server error"]);
    assert.ok(sent <= 1 << 22, `${sent} bytes were taken`);
  } finally {
    globalThis.fetch = real;
  }
});

test("options of requests: cookies, headers, stamps, base64", async () => {
  const request = async (more: object) => {
    const s = await connected({ ...polling, ...more });
    const { init, url } = net.requests[net.requests.length - 1];
    s.disconnect();
    await time.settle();
    return { init, q: url.searchParams };
  };
  const plain = await request({});
  assert.deepEqual([plain.init.credentials, plain.init.cache, plain.q.has("t"), plain.q.has("b64")], ["same-origin", "no-store", true, false]);
  const more = await request({
    withCredentials: true,
    extraHeaders: { "X-Key": "v" },
    timestampParam: "stamp",
    forceBase64: true,
    transportOptions: { polling: { query: { only: "polling" } } },
  });
  assert.deepEqual(
    [more.init.credentials, more.init.headers["X-Key"], more.q.has("stamp"), more.q.get("b64"), more.q.get("only")],
    ["include", "v", true, "1", "polling"],
  );
  assert.equal((await request({ timestampRequests: false })).q.has("t"), false);
});

test("forceBase64 sends binary as text over WebSocket too", async () => {
  const s = await connected({ forceBase64: true });
  s.emit("a", new Uint8Array([1])).emit("b");
  await time.settle();
  assert.deepEqual(net.session.messages.slice(1), ['51-["a",{"_placeholder":true,"num":0}]', new Uint8Array([1]), '2["b"]']);
  s.disconnect();
});

test("sub-protocols reach the WebSocket, and a bad one is a connection error", async () => {
  const s = await connected({ protocols: ["a", "b"] });
  assert.deepEqual((net.session.ws as any).protocols, ["a", "b"]);
  s.disconnect();
  const real = globalThis.WebSocket;
  (globalThis as any).WebSocket = class {
    constructor() {
      throw new SyntaxError("bad sub-protocol");
    }
  };
  try {
    const t = await connected({ protocols: "b d", reconnection: false });
    assert.equal(t.story[0], "connect_error:websocket error");
  } finally {
    globalThis.WebSocket = real;
  }
});

test("upgrade: probe, pause, switch; nothing is lost, doubled or out of order", async () => {
  const s = socket(both);
  const seen: string[] = [];
  for (const e of ["upgrading", "upgrade", "upgradeError"]) s.io.engine.on(e, (t) => seen.push(e + ":" + t.name));
  let n = 0;
  const emit = () => s.emit("n", n++);
  for (let i = 0; i < 5; i++) emit();
  // An emit at every step that the network takes.
  const heard: number[] = [];
  s.on("m", (i) => heard.push(i));
  let m = 0;
  for (let i = 0; i < 60; i++) {
    emit();
    if (net.session && !net.session.closed) net.session.send(`2["m",${m++}]`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await time.settle();
  assert.deepEqual(seen, ["upgrading:websocket", "upgrade:websocket"]);
  assert.equal(s.io.engine.transport.name, "websocket");
  assert.deepEqual(net.session.messages.slice(1), Array.from({ length: n }, (_, i) => `2["n",${i}]`));
  assert.deepEqual(heard, Array.from({ length: m }, (_, i) => i));
  assert.equal(net.session.polling, false);
  assert.deepEqual(s.story, ["connecting:polling", "connect"]);
  s.disconnect();
});

for (const [name, manners, error] of [
  ["the WebSocket is refused", { noUpgrade: true }, "probe error: Error: websocket error"],
  ["the answer to the probe is wrong", { probe: "3other" }, "probe error"],
  ["the answer is not a packet", { probe: "xyz" }, "probe error: Error: server error"],
] as const) {
  test("upgrade: " + name + ", and polling goes on", async () => {
    net.manners = manners;
    const s = socket(both);
    const errors: string[] = [];
    s.io.engine.on("upgradeError", (err) => errors.push(err.message));
    await time.settle();
    s.emit("x");
    net.session.send('2["y"]');
    const got: any[] = [];
    s.on("y", () => got.push("y"));
    await time.settle();
    assert.deepEqual([errors, got, net.session.messages[1]], [[error], ["y"], '2["x"]']);
    assert.equal(s.io.engine.transport.name, "polling");
    s.disconnect();
  });
}

test("upgrade: no answer to the probe, and polling goes on; the candidate ends with the session", async () => {
  net.manners = { probe: false };
  const s = await connected(both);
  const { candidate } = net.session;
  s.emit("x");
  await time.settle();
  assert.equal(net.session.messages[1], '2["x"]');
  s.disconnect();
  await time.settle();
  assert.equal(candidate!.readyState, 3);
});

test("upgrade: the candidate is lost while polling pauses, and polling resumes with what was held back", async () => {
  net.manners = { probe: false };
  const s = await connected(both);
  net.session.slow = true;
  s.emit("held by the network");
  await time.settle();
  net.session.candidate!.receive("3probe");
  s.emit("held by the upgrade");
  await time.settle();
  net.session.candidate!.fail();
  await time.settle();
  net.session.release();
  await time.settle();
  net.session.send('2["y"]');
  const got: any[] = [];
  s.on("y", () => got.push("y"));
  await time.settle();
  assert.deepEqual(net.session.messages.slice(1), ['2["held by the network"]', '2["held by the upgrade"]']);
  assert.deepEqual(got, ["y"]);
  s.disconnect();
});

test("upgrade: a disconnect meanwhile waits for it and loses nothing", async () => {
  net.manners = { probe: false };
  const s = await connected(both);
  net.session.slow = true;
  s.emit("first");
  await time.settle();
  net.session.candidate!.receive("3probe");
  s.emit("last").disconnect();
  await time.settle();
  net.session.answerPoll("6");
  net.session.release();
  await time.settle();
  assert.deepEqual(net.session.messages.slice(1), ['2["first"]', '2["last"]', "1"]);
  assert.equal(net.session.ws!.readyState, 3);
  assert.equal(time.pending, 0);
});

test("upgrade: false stays on polling; so does a server that offers none", async () => {
  const s = await connected({ ...both, upgrade: false });
  assert.equal(s.io.engine.transport.name, "polling");
  s.disconnect();
  net.manners = { open: { upgrades: ["webtransport", "__proto__", 7] } };
  const t = await connected(both);
  assert.equal(t.io.engine.transport.name, "polling");
  t.disconnect();
});

test("rememberUpgrade begins with what worked last", async () => {
  const s = await connected(both);
  s.disconnect();
  const t = await connected({ ...both, rememberUpgrade: true });
  assert.equal(net.session.url.searchParams.get("transport"), "websocket");
  t.disconnect();
});

test("tryAllTransports takes the next transport when one can't connect", async () => {
  const real = globalThis.WebSocket;
  (globalThis as any).WebSocket = class {
    constructor() {
      throw new Error("blocked");
    }
  };
  try {
    const s = await connected({ transports: ["websocket", "polling"], tryAllTransports: true });
    assert.deepEqual(s.story, ["connecting:polling", "connect"]);
    s.disconnect();
  } finally {
    globalThis.WebSocket = real;
  }
});

test("transports can be given as classes", async () => {
  const s = await connected({ transports: [Fetch, WebSocket] });
  assert.equal(s.io.engine.transport.name, "websocket");
  s.disconnect();
});

test("events of the engine", async () => {
  const s = socket();
  const seen: any[] = [];
  for (const e of ["open", "handshake", "packet", "packetCreate", "data", "message", "flush", "drain", "close"]) {
    s.io.engine.on(e, (v) => seen.push(v?.type ? e + ":" + v.type : e));
  }
  await time.settle();
  assert.deepEqual(seen, [
    "packet:open",
    "handshake",
    "packetCreate:message",
    "open",
    "flush",
    "drain",
    "packet:message",
    "data",
    "message",
  ]);
  s.disconnect();
  await time.settle();
  assert.equal(seen[seen.length - 1], "close");
});

test("the offline event of the browser ends the connection at once, except to this machine", async () => {
  const g = globalThis as any;
  const page = new EventTarget();
  g.addEventListener = page.addEventListener.bind(page);
  g.removeEventListener = page.removeEventListener.bind(page);
  try {
    const away = await connected();
    const here = socket({}, "http://localhost:3000");
    await time.settle();
    const gone = new Promise<any[]>((resolve) => away.on("disconnect", (...args) => resolve(args)));
    page.dispatchEvent(new Event("offline"));
    assert.deepEqual(await gone, ["transport close", { description: "network connection lost" }]);
    assert.equal(here.connected, true);
    away.disconnect();
    here.disconnect();

    const leaving = await connected({ closeOnBeforeunload: true });
    page.dispatchEvent(new Event("beforeunload"));
    assert.ok(net.session.ws!.readyState >= 2);
    leaving.disconnect();
  } finally {
    delete g.addEventListener;
    delete g.removeEventListener;
  }
});
