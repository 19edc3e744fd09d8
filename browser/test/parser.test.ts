// What the wire vectors do not say: values of JavaScript, and what a hostile peer could leave behind.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Decoder, Encoder, Packet, PacketType } from "../src/parser";

const event = (...data: any[]): Packet => ({ type: PacketType.EVENT, nsp: "/", data });

function decoder(limit?: number): { d: Decoder; packets: any[] } {
  const packets: any[] = [];
  const d = new Decoder(limit);
  d.on("decoded", (p) => packets.push(p));
  return { d, packets };
}

const placeholders = (n: number) =>
  `5${n}-["x",${Array.from({ length: n }, (_, i) => `{"_placeholder":true,"num":${i}}`).join()}]`;

test("values are written as JSON.stringify writes them", () => {
  const text = (...data: any[]) => new Encoder().encode(event("x", ...data))[0];
  assert.equal(text(undefined, NaN, Infinity, -0, () => {}), '2["x",null,null,null,0,null]');
  assert.equal(text({ a: undefined, b: new Date(0), toJSON: undefined }), '2["x",{"b":"1970-01-01T00:00:00.000Z"}]');
  assert.equal(text("\ud800"), '2["x","\\ud800"]');
});

test("every kind of binary value becomes an attachment, wherever it is", () => {
  const bytes = new Uint8Array([1, 2, 3, 4]);
  const view = new DataView(bytes.buffer, 1, 2);
  const blob = new Blob(["b"]);
  const holder = { toJSON: () => ({ deep: [bytes] }) };
  const data = event("x", bytes.buffer, { list: [view, null] }, blob, holder, new Float32Array(1));
  const [text, ...attachments] = new Encoder().encode(data);
  assert.equal(
    text,
    '55-["x",{"_placeholder":true,"num":0},{"list":[{"_placeholder":true,"num":1},null]},{"_placeholder":true,"num":2},{"deep":[{"_placeholder":true,"num":3}]},{"_placeholder":true,"num":4}]',
  );
  assert.equal(attachments[0], bytes.buffer);
  assert.equal(attachments[1], view);
  assert.equal(attachments[2], blob);
  assert.equal(attachments[3], bytes);
  assert.equal(data.data[1], bytes.buffer, "the caller's data is not changed");
});

test("a packet has as many attachments as the option allows, either way", () => {
  const bytes = (n: number) => event("x", ...Array.from({ length: n }, () => new ArrayBuffer(1)));
  assert.equal(new Encoder().encode(bytes(10)).length, 11);
  assert.throws(() => new Encoder().encode(bytes(11)), /too many attachments/);
  assert.equal(new Encoder(11).encode(bytes(11)).length, 12);

  assert.throws(() => decoder().d.add(placeholders(11)), /too many attachments/);
  const { d, packets } = decoder(11);
  d.add(placeholders(11));
  for (let i = 0; i < 11; i++) d.add(new ArrayBuffer(i));
  assert.deepEqual(packets[0].data.slice(1).map((b: ArrayBuffer) => b.byteLength), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("a count of attachments beyond all bounds costs nothing", () => {
  for (const head of ["5999999999-", "59007199254740993-", "5" + "9".repeat(900_000) + "-"]) {
    assert.throws(() => decoder().d.add(head + '["x"]'), /too many attachments/);
  }
});

test("keys that JavaScript objects inherit stay ordinary keys", () => {
  const { d, packets } = decoder();
  d.add('51-["x",{"__proto__":{"_placeholder":true,"num":0},"constructor":{"prototype":1}}]');
  d.add(new ArrayBuffer(3));
  const value = packets[0].data[1];
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(Object.getOwnPropertyDescriptor(value, "__proto__")!.value.byteLength, 3);
  assert.equal(({} as any).polluted, undefined);
});

test("a placeholder in a packet without attachments is data", () => {
  const { d, packets } = decoder();
  d.add('2["x",{"_placeholder":true,"num":0}]');
  assert.deepEqual(packets[0].data, ["x", { _placeholder: true, num: 0 }]);
});

test("deep JSON ends a decoder at worst, never the program", () => {
  const deep = "[".repeat(200_000) + "]".repeat(200_000);
  for (const text of ['2["x",' + deep + "]", '51-["x",{"_placeholder":true,"num":0},' + deep + "]"]) {
    try {
      decoder().d.add(text);
    } catch (err) {
      assert.ok(err instanceof Error);
    }
  }
});

test("whatever comes is a packet or an error, and a packet comes back as it was", () => {
  // A fixed generator: a failure can be repeated.
  let seed = 42;
  const random = (n: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
  const seeds = [
    '2["x",{"a":[1,null,"é"]}]',
    "0{}",
    '0/ns,{"sid":"a"}',
    "1/ns,",
    '4{"message":"m"}',
    "31[]",
    '2/ns,12["x"]',
    '51-["x",{"_placeholder":true,"num":0}]',
    '62-/ns,7[{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
  ];
  const alphabet = '0123456789-/,[]{}":_placeholdertrue\\u0000 é\ud800';
  let good = 0;
  for (let i = 0; i < 50_000; i++) {
    let text = seeds[random(seeds.length)];
    for (let n = random(4); n > 0; n--) {
      const at = random(text.length + 1);
      text = text.slice(0, at) + alphabet[random(alphabet.length)].repeat(random(3)) + text.slice(at + random(3));
    }
    const { d, packets } = decoder();
    try {
      d.add(text);
      for (let n = 0; n < 10 && !packets.length; n++) d.add(new Uint8Array([n]).buffer);
    } catch (err) {
      assert.ok(err instanceof Error);
      continue;
    }
    const [p] = packets;
    const again = decoder();
    for (const frame of new Encoder().encode(p)) again.d.add(frame as string | ArrayBuffer);
    assert.deepEqual(again.packets, [p], text);
    good++;
  }
  assert.ok(good > 5_000, `only ${good} packets were good`);
  assert.equal(({} as any).num, undefined);
});

test("destroy forgets an unfinished packet", () => {
  const { d, packets } = decoder();
  d.add(placeholders(2));
  d.add(new ArrayBuffer(1));
  d.destroy();
  d.add('2["y"]');
  assert.deepEqual(packets, [event("y")]);
});
