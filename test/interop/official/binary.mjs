// The titles of engine.io-client/test/arraybuffer and test/blob, which say what bytes become on their way.

import assert from "node:assert/strict";

const numbers = [0, 1, 2, 3, 4];
const list = async (data) => [...new Uint8Array(data instanceof Blob ? await data.arrayBuffer() : data)];

export default ({ test }) => {
  // An engine that is ready: open, or upgraded when that is asked for. Its messages without the greeting are kept.
  async function ready(t, { upgrade, binaryType, ...options } = {}) {
    const e = t.engine(options);
    if (binaryType) e.binaryType = binaryType;
    const got = [];
    e.on("message", (data) => data !== "hi" && got.push(data));
    await t.once(e, upgrade ? "upgrade" : "open");
    return { e, got, all: (n) => got.length >= n || t.until(e, "message", () => got.length === n) };
  }

  for (const [title, options, out, as] of [
    ["should be able to receive binary data when bouncing it back (polling)", { transports: ["polling"] }, Int8Array.from(numbers), ArrayBuffer],
    ["should be able to receive binary data when forcing base64 (polling)", { forceBase64: true }, Int8Array.from(numbers), ArrayBuffer],
    ["should be able to receive binary data when bouncing it back (ws)", { upgrade: true }, Int8Array.from(numbers), ArrayBuffer],
    ["should be able to receive binary data when bouncing it back and forcing base64 (ws)", { upgrade: true, forceBase64: true }, Int8Array.from(numbers), ArrayBuffer],
    ["should be able to receive binary data as blob when bouncing it back (polling)", {}, Int8Array.from(numbers), Blob],
    ["should be able to receive binary data as blob when bouncing it back (ws)", { upgrade: true }, Int8Array.from(numbers), Blob],
    ["should be able to send data as a blob when bouncing it back (polling)", {}, new Blob([Uint8Array.from(numbers)]), ArrayBuffer],
    ["should be able to send data as a blob when bouncing it back (ws)", { upgrade: true }, new Blob([Uint8Array.from(numbers)]), ArrayBuffer],
    ["should be able to send data as a blob encoded into base64 when bouncing it back (ws)", { upgrade: true, forceBase64: true }, new Blob([Uint8Array.from(numbers)]), ArrayBuffer],
  ]) {
    test(title, async (t) => {
      const { e, got, all } = await ready(t, { binaryType: as === Blob ? "blob" : "arraybuffer", ...options });
      e.send(out);
      await all(1);
      assert.ok(got[0] instanceof as, Object.prototype.toString.call(got[0]));
      assert.deepEqual(await list(got[0]), numbers);
    });
  }

  for (const [title, options] of [
    ["should be able to receive binary data and a multibyte utf-8 string (polling)", { transports: ["polling"] }],
    ["should be able to receive binary data and a multibyte utf-8 string (ws)", { upgrade: true }],
  ]) {
    test(title, async (t) => {
      const { e, got, all } = await ready(t, { binaryType: "arraybuffer", ...options });
      e.send(Int8Array.from(numbers));
      e.send("cash money €€€");
      await all(2);
      assert.deepEqual([await list(got[0]), got[1]], [numbers, "cash money €€€"]);
    });
  }

  for (const [title, as] of [
    ["arraybuffer: should merge binary packets according to maxPayload value", (bytes) => bytes],
    ["blob: should merge binary packets according to maxPayload value", (bytes) => new Blob([bytes])],
  ]) {
    test(title, async (t) => {
      const { e, got, all } = await ready(t, { transports: ["polling"] });
      for (const part of [72, 20, "a".repeat(20), 20, 72]) {
        e.send(typeof part === "string" ? part : as(new Uint8Array(part)));
      }
      await all(5);
      assert.deepEqual(got.map((v) => v.length ?? v.byteLength), [72, 20, 20, 20, 72]);
    });
  }
};
