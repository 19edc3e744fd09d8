// The MessagePack dialect: the wire form of socket.io-msgpack-parser, values there and back, and what is refused.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { decode } from "../src/msgpack/decode";
import { encode } from "../src/msgpack/encode";
import { Decoder, Encoder } from "../src/msgpack/parser";

const hex = (b: Uint8Array) => Buffer.from(b).toString("hex");
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "hex"));

// The shortest form of each kind (github.com/msgpack/msgpack, spec.md), and what notepack adds to them.
for (const [value, want] of [
  [null, "c0"],
  [false, "c2"],
  [true, "c3"],
  [0, "00"],
  [127, "7f"],
  [128, "cc80"],
  [256, "cd0100"],
  [65536, "ce00010000"],
  [2 ** 32, "cf0000000100000000"],
  [2 ** 53 - 1, "cf001fffffffffffff"],
  [2 ** 64, "cb43f0000000000000"],
  [-1, "ff"],
  [-32, "e0"],
  [-33, "d0df"],
  [-129, "d1ff7f"],
  [-32769, "d2ffff7fff"],
  [-(2 ** 31) - 1, "d3ffffffff7fffffff"],
  [1.5, "cb3ff8000000000000"],
  ["", "a0"],
  ["é€", "a5c3a9e282ac"],
  ["x".repeat(32), "d920" + "78".repeat(32)],
  [[], "90"],
  [[1, [2]], "92019102"],
  [{}, "80"],
  [{ a: 1 }, "81a161" + "01"],
  [undefined, "d40000"],
  [new Date(1500000000000), "d700" + "0000015d3ef79800"],
] as [unknown, string][]) {
  test("writes and reads " + want.slice(0, 24), () => {
    assert.equal(hex(encode(value)), want);
    assert.deepEqual(decode(bytes(want).buffer as ArrayBuffer), value);
  });
}

test("lengths of every size", () => {
  for (const n of [15, 16, 31, 32, 255, 256, 65535, 65536]) {
    const text = "x".repeat(n);
    const list = Array.from({ length: n }, (_, i) => i % 100);
    const map = Object.fromEntries(list.map((v, i) => ["k" + i, v]));
    const bin = new Uint8Array(n).fill(7);
    const got = decode(encode([text, list, map, bin])) as any[];
    assert.deepEqual(got, [text, list, map, bin]);
  }
});

test("every value at every place, also where the memory has to grow", () => {
  const values = [1.5, 2 ** 64, 2 ** 53 - 1, -(2 ** 31) - 1, 70_000, "é", new Date(1_700_000_000_123), undefined, [{ a: null }]];
  for (let n = 0; n < 300; n++) {
    for (const value of values) assert.deepEqual(decode(encode(["x".repeat(n), value])), ["x".repeat(n), value]);
  }
});

test("bytes come as an ArrayBuffer from one, and as a Buffer from a Buffer", () => {
  const data = encode({ deep: [new Uint8Array([9, 1, 2, 9]).subarray(1, 3), new Uint16Array([513]).buffer] });
  const a = decode(data.buffer.slice(0, data.length) as ArrayBuffer) as any;
  assert.ok(a.deep[0] instanceof ArrayBuffer);
  assert.deepEqual(a.deep.map((b: ArrayBuffer) => [...new Uint8Array(b)]), [[1, 2], [1, 2]]);
  const b = decode(Buffer.from(data)) as any;
  assert.ok(Buffer.isBuffer(b.deep[0]));
  assert.equal(b.deep[1].toString("hex"), "0102");
});

test("extensions: notepack's ArrayBuffer is bytes, an unknown one its type and bytes", () => {
  assert.deepEqual(decode(bytes("c70200aabb")), bytes("aabb"));
  assert.deepEqual(decode(bytes("c70205aabb")), [5, bytes("aabb")]);
  assert.deepEqual(decode(bytes("d6ff01020304")), [-1, bytes("01020304")]);
});

test("what JSON leaves out is left out, and toJSON is heard", () => {
  const value = { u: undefined, f() {}, n: null, j: { toJSON: () => [1] }, l: [undefined, () => {}] };
  assert.deepEqual(decode(encode(value)), { n: null, j: [1], l: [undefined, undefined] });
});

test("throws at the caller on what it can't write", () => {
  const round: any = {};
  round.round = round;
  for (const value of [1n, Symbol("s"), new Blob(["x"]), round]) assert.throws(() => new Encoder().encode(packet([value])));
});

const packet = (data: unknown[]) => ({ type: 2, nsp: "/", data: ["e", ...data] });

function read(message: any): any {
  let got: any;
  const d = new Decoder();
  d.on("decoded", (p) => (got = p));
  d.add(message);
  return got;
}

test("packets there and back", () => {
  for (const p of [
    { type: 0, nsp: "/admin", data: { token: "x" }, id: undefined },
    { type: 1, nsp: "/", data: undefined, id: undefined },
    { type: 2, nsp: "/", data: ["e", 1], id: 7 },
    { type: 3, nsp: "/", data: [], id: 0 },
    { type: 4, nsp: "/", data: { message: "no" }, id: undefined },
  ]) {
    const [message] = new Encoder().encode(p);
    const { type, nsp, data, id } = read(message);
    assert.deepEqual({ type, nsp, data, id }, p);
  }
});

test("refuses what is no packet", () => {
  for (const p of [
    null, 1, [], {}, { type: 5, nsp: "/", data: ["e"] }, { type: "2", nsp: "/", data: ["e"] }, { type: 2, data: ["e"] },
    { type: 2, nsp: "/" }, { type: 2, nsp: "/", data: [] }, { type: 2, nsp: "/", data: ["connect"] },
    { type: 2, nsp: "/", data: ["e"], id: "1" }, { type: 2, nsp: "/", data: ["e"], id: 1.5 }, { type: 0, nsp: "/", data: [] },
    { type: 1, nsp: "/", data: {} }, { type: 4, nsp: "/", data: 1 },
  ]) assert.throws(() => read(encode(p)), JSON.stringify(p));
  assert.throws(() => read("2[]"));
});

test("a damaged message throws; no length is believed, no depth followed", () => {
  const whole = encode(packet(["text", 1.5, -70000, new Uint8Array(300), { a: [null, new Date(0)] }]));
  for (let n = 0; n < whole.length; n++) assert.throws(() => decode(whole.slice(0, n)), String(n));
  assert.throws(() => decode(new Uint8Array([...whole, 0])));
  for (const lie of ["ddffffffff", "dfffffffff", "dbffffffff", "c6ffffffff", "c9ffffffff05", "c1", "dc0002c0"]) {
    assert.throws(() => decode(bytes(lie)), lie);
  }
  assert.throws(() => decode(new Uint8Array(100_000).fill(0x91)), /bad packet/);
  assert.throws(() => decode(bytes("81" + "90" + "c0")), /bad packet/); // an array as a key
});

test("a key __proto__ is an ordinary key", () => {
  const got = decode(bytes("81a95f5f70726f746f5f5f81a16101")) as any;
  assert.deepEqual(Object.keys(got), ["__proto__"]);
  assert.equal(got.a, undefined);
});

// The npm package, where the interop tests have installed it.
test("reads and is read by socket.io-msgpack-parser", (t) => {
  let parser: any;
  try {
    parser = createRequire(process.env.TESTDATA + "/../test/interop/run.mjs")("socket.io-msgpack-parser");
  } catch {
    const missing = "the npm package socket.io-msgpack-parser is missing; `make install` gets it";
    if (process.env.REQUIRE_TOOLS) assert.fail(missing);
    return t.skip(missing);
  }
  const p = { type: 2, nsp: "/", id: 3, data: ["e", "é", 1.25, -1, 2 ** 40, [true, null], { a: { b: [] } }, new Date(5)] };
  const [ours] = new Encoder().encode(p);
  const d = new parser.Decoder();
  let theirs: any;
  d.on("decoded", (got: any) => (theirs = got));
  d.add(Buffer.from(ours as Uint8Array));
  assert.deepEqual(theirs, p);
  assert.deepEqual(read(new parser.Encoder().encode(p)[0]), p);
});
