// A server that does not keep to the protocol: the client ends that connection, keeps nothing, and tries again in peace.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { Manners, Session } from "./network";
import { connected, net, socket, time } from "./world";

beforeEach(() => {
  net.manners = {};
  net.heard = () => {};
  time.thrown.length = 0;
});

const badPackets: { [name: string]: (string | ArrayBuffer)[] } = {
  "an unknown packet type": ["9"],
  "an empty message": [""],
  "an event without an array": ["2{}"],
  "an event that is not JSON": ["2[abc"],
  "an empty event": ["2[]"],
  "an event whose name is an object": ['2[{"toString":"rce"}]'],
  "an event whose name is null": ["2[null]"],
  "a reserved event: connect": ['2["connect"]'],
  "a reserved event: connect_error": ['2["connect_error"]'],
  "a reserved event: disconnect": ['2["disconnect"]'],
  "a reserved event: disconnecting": ['2["disconnecting"]'],
  "a reserved event: newListener": ['2["newListener"]'],
  "a reserved event: removeListener": ['2["removeListener"]'],
  "a CONNECT with an array": ["0[]"],
  "a CONNECT_ERROR with a number": ["47"],
  "a CONNECT_ERROR whose message is an object": ['4{"message":{"toString":1}}'],
  "an acknowledgement with an object": ["31{}"],
  "text instead of an attachment": ['51-["a",{"_placeholder":true,"num":0}]', '2["b"]'],
  "binary that nobody announced": [new ArrayBuffer(3)],
  "a placeholder out of range": ['51-["a",{"_placeholder":true,"num":1}]'],
  "a placeholder named like a method": ['51-["a",{"_placeholder":true,"num":"splice"}]'],
  "a binary packet without attachments": ['50-["a"]'],
  "more attachments than allowed": ['511-["a"]'],
};

for (const name of Object.keys(badPackets)) {
  test(name, async () => {
    const s = await connected();
    const events: any[] = [];
    s.onAny((...args) => events.push(args));
    s.story = [];
    net.session.send(...badPackets[name]);
    await time.settle();
    assert.match(s.story[0], /^disconnect:parse error/);
    assert.equal(net.session.ws!.readyState, 3);
    await time.pass(1000);
    assert.deepEqual(s.story.slice(1), ["reconnecting:1000:1", "connecting:websocket", "reconnect:websocket:1", "connect"]);
    assert.deepEqual(events, []);
    s.disconnect();
  });
}

test("attachments that never come are forgotten with the connection", async () => {
  const s = await connected();
  net.session.send('52-["a",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]', new ArrayBuffer(1));
  await time.settle();
  net.session.drop();
  await time.pass(1000);
  const got: any[] = [];
  s.on("b", () => got.push("b"));
  net.session.send('2["b"]');
  await time.settle();
  assert.deepEqual(got, ["b"]);
  s.disconnect();
});

test("a flood of events before CONNECT is answered ends the connection", async () => {
  net.manners = { accept: false };
  const s = socket({ reconnection: false });
  await time.settle();
  for (let i = 0; i < 10_000; i++) net.session.raw('42["x"]');
  assert.equal(s.receiveBuffer.length, 10_000);
  for (let i = 0; i < 1000; i++) net.session.raw('42["x"]');
  assert.equal(net.session.ws!.readyState >= 2, true);
  assert.match(s.story[1], /^connect_error:too many events/);
  assert.equal(s.receiveBuffer.length, 0);
});

test("large events before CONNECT is answered end the connection earlier, and the session with it", async () => {
  const s = socket();
  await time.settle();
  net.session.send('0{"sid":"a","pid":"p"}'); // a second answer, which counts for nothing
  s.disconnect();
  net.manners = { accept: false };
  s.connect();
  await time.settle();
  net.session.send('0{"sid":"a","pid":"p"}');
  await time.settle();
  net.session.drop();
  await time.pass(1000);
  assert.deepEqual(net.session.messages, ['0{"pid":"p"}']);
  const large = '42["x","' + "y".repeat(1 << 20) + '"]';
  for (let i = 0; i < 9; i++) net.session.raw(large);
  await time.pass(1000);
  assert.deepEqual(net.session.messages, ["0"]); // a recovery would bring the same again
  s.disconnect();
});

test("attachments weigh at most 8 MiB while others are missing; the last may be larger", async () => {
  const s = await connected();
  const got: number[] = [];
  s.on("a", (...list) => got.push(...list.map((b) => b.byteLength)));
  const places = (n: number) => `5${n}-["a",` + Array.from({ length: n }, (_, i) => `{"_placeholder":true,"num":${i}}`) + "]";
  const half = new ArrayBuffer(4 << 20);
  net.session.send(places(1), new ArrayBuffer(20 << 20), places(2), new ArrayBuffer(1), half);
  await time.settle();
  assert.deepEqual([s.connected, got], [true, [20 << 20, 1, 4 << 20]]);
  net.session.send(places(3), half, half);
  await time.settle();
  assert.equal(s.connected, false);
  await time.pass(1000);
  net.session.send(places(1), half);
  await time.settle();
  assert.deepEqual([s.connected, got.length], [true, 4]);
  s.disconnect();
});

test("a heartbeat longer than a timer can wait for is no reason to leave", async () => {
  for (const open of [{ pingInterval: 2 ** 31 }, { pingInterval: 1e308, pingTimeout: 1e308 }, { pingInterval: "90000000000" }]) {
    net.manners = { open };
    const s = await connected();
    await time.pass(24 * 3600 * 1000);
    assert.deepEqual(s.story, ["connecting:websocket", "connect"]);
    s.disconnect();
  }
});

test("a server that asks on and on and reads nothing is left", async () => {
  for (const question of ["2", '421["q"]']) {
    const s = await connected();
    s.on("q", (answer) => answer());
    const ws = net.session.ws!;
    for (let i = 0; i < 40_000; i++) net.session.raw(question); // read, in the end, all at once: nothing has left before
    await time.settle();
    assert.equal(ws.readyState, 3);
    assert.match(s.story[2], /^disconnect:transport error/);
    s.disconnect();
  }
});

// What a server can do to be asked again, with the delays and the chance that a program has which says nothing of them.
const pushes: { [name: string]: (s: Session) => void } = {
  "hangs up": (s) => s.drop(),
  "talks rubbish": (s) => s.raw("4rubbish"),
  "ends the session": (s) => s.raw("1"),
  "breaks the engine": (s) => s.raw("x"),
  "welcomes, and hangs up": (s) => {
    s.raw('40{"sid":"a","pid":"p"}');
    s.drop();
  },
  "sends what is too much": (s) => s.raw("4510-[]"),
};

for (const [name, push] of Object.entries(pushes)) {
  for (const accept of [true, false]) {
    test(`a server that ${name} ${accept ? "after" : "before"} the answer to CONNECT is asked once a second at most`, async () => {
      net.manners = { accept };
      net.heard = (s) => void setImmediate(() => push(s)); // behind the answer
      const from = net.requests.length;
      const s = socket({ randomizationFactor: undefined });
      await time.pass(300_000);
      const n = net.requests.length - from;
      // The mean delay of the formula is 1.025 s, and the number deviates by 5.
      assert.ok(n > 30 && n <= 325, `${n} connections in five minutes`);
      s.disconnect();
    });
  }
}

for (const [name, manners] of Object.entries({
  "refuses": { status: 503 },
  "talks of no session": { open: "4rubbish" },
  "has no patience": { open: { pingInterval: 1e-300, pingTimeout: 1e-300 } },
} as { [name: string]: Manners })) {
  test(`a server that ${name} is asked once a second at most`, async () => {
    net.manners = manners;
    for (const transports of [["websocket"], ["polling"]] as any[]) {
      const from = net.requests.length;
      const s = socket({ randomizationFactor: undefined, transports });
      await time.pass(300_000);
      const n = net.requests.slice(from).filter((r) => !r.url.searchParams.has("sid")).length;
      assert.ok(n > 30 && n <= 325, `${n} handshakes in five minutes over ${transports}`);
      s.disconnect();
    }
  });
}

test("a second CONNECT, and packets that answer nothing, change nothing", async () => {
  const s = await connected();
  const { id } = s;
  s.story = [];
  net.session.send('0{"sid":"other"}', "399[]", "3[]", '31["x"]', '4{"message":"refused after all"}');
  await time.settle();
  assert.deepEqual([s.id, s.connected, s.story], [id, true, []]);
  s.disconnect();
});

test("an id that is not text is no id", async () => {
  net.manners = { accept: false };
  const s = socket();
  await time.settle();
  net.session.send('0{"sid":{"length":20}}');
  await time.settle();
  assert.deepEqual([s.connected, s.id], [false, undefined]);
  s.disconnect();
});

test("a server that closes each connection at once is asked once a second", async () => {
  const s = socket();
  let n = 0;
  s.on("connect", () => {
    n++;
    net.session.drop();
  });
  await time.pass(60_000);
  assert.ok(n > 1 && n <= 61, `${n} connections in a minute`);
  s.disconnect();
});

test("a loss before the answer to CONNECT is a failed connection, not a disconnect", async () => {
  net.manners = { accept: false };
  const s = socket();
  await time.settle();
  net.session.drop();
  await time.settle();
  assert.deepEqual(s.story, ["connecting:websocket", "connect_error:transport close", "connect_failed:transport close"]);
  net.manners = {};
  await time.pass(1000);
  assert.equal(s.connected, true);
  s.disconnect();
});

test("hours without a server: the delay stays at its maximum", async () => {
  const s = await connected();
  net.manners = { status: 503 };
  net.session.drop();
  const from = net.requests.length;
  await time.pass(3 * 3600 * 1000);
  const tries = net.requests.length - from;
  assert.ok(tries > 2000 && tries <= 2162, `${tries} attempts in three hours`);
  s.disconnect();
});

test("nothing of a hostile server's JSON reaches the prototypes", async () => {
  const s = await connected();
  const got: any[] = [];
  s.on("x", (v) => got.push(v));
  net.session.send('2["x",{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}]');
  net.session.send('2/__proto__,["polluted"]', '2/constructor,["polluted"]');
  await time.settle();
  assert.equal(({} as any).polluted, undefined);
  assert.equal(Object.getPrototypeOf(got[0]), Object.prototype);
  s.disconnect();
});
