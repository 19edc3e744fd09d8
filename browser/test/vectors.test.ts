// The wire vectors of /testdata, which the Go side reads as well.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodePayload, decodeText, encodePayload, encodeRecord, Packet as Record } from "../src/engineio/packet";
import { Decoder, Encoder, Packet, PacketType } from "../src/parser";

interface Frame {
  text?: string;
  repeat?: string;
  times?: number;
  tail?: string;
  base64?: string;
  zeros?: number;
}

const read = (name: string): any[] => JSON.parse(readFileSync(join(process.env.TESTDATA!, name + ".json"), "utf8"));

const buffer = (base64: string): ArrayBuffer => new Uint8Array(Buffer.from(base64, "base64")).buffer;
const base64 = (data: ArrayBuffer): string => Buffer.from(data).toString("base64");

function frame(f: Frame): string | ArrayBuffer {
  if (f.base64 !== undefined) return buffer(f.base64);
  if (f.zeros !== undefined) return new ArrayBuffer(f.zeros);
  return (f.text ?? "") + (f.repeat ?? "").repeat(f.times ?? 0) + (f.tail ?? "");
}

/** A packet of a vector with its attachments in place of their placeholders. */
function packet(v: any): Packet {
  const attachments = (v.attachments ?? []).map(buffer);
  const data =
    v.data === undefined
      ? undefined
      : JSON.parse(v.data, (_, value) =>
          attachments.length && value?._placeholder === true ? attachments[value.num] : value,
        );
  const p: Packet = { type: PacketType[v.type] as any, nsp: v.namespace, data };
  if (v.id !== undefined) p.id = Number(v.id);
  return p;
}

function decode(frames: Frame[]): Packet[] {
  const packets: Packet[] = [];
  const d = new Decoder();
  d.on("decoded", (p) => packets.push(p));
  for (const f of frames) d.add(frame(f));
  return packets;
}

// An id that JavaScript can't count is refused: the answer would bear another one.
const countable = (v: any) => v.packet.id === undefined || Number.isSafeInteger(Number(v.packet.id));

for (const v of read("engineio/records")) {
  test("record: " + v.name, async () => {
    const data = v.base64 === undefined ? v.text || undefined : buffer(v.base64);
    const want: Record = { type: v.type, data };
    assert.deepEqual(decodeText(v.record), want);
    assert.equal(await encodeRecord(want), v.record);
  });
}

for (const v of read("engineio/payloads")) {
  test("payload: " + v.name, async () => {
    const packets: Record[] = [];
    decodePayload(v.payload, (p) => packets.push(p));
    assert.deepEqual(packets, v.records.map(decodeText));
    assert.equal(await encodePayload(packets), v.payload);
  });
}

for (const v of read("engineio/reject")) {
  // How many records a payload has is for the receiver of requests to limit.
  if (v.reason === "records") continue;
  test("payload refused: " + v.name, () => {
    let good = 0;
    assert.throws(() => decodePayload(frame({ ...v, text: v.payload }) as string, () => good++));
    assert.equal(good, v.good);
  });
}

for (const v of read("socketio/encode").filter(countable)) {
  test("packet: " + v.name, () => {
    const want = packet(v.packet);
    assert.deepEqual(decode(v.frames), [want]);

    const [text, ...attachments] = new Encoder().encode(want);
    const json = v.packet.data ?? "";
    const head = v.frames[0].text.slice(0, v.frames[0].text.length - json.length);
    // The numbers of a vector may be spelt in ways that JSON.stringify would not choose.
    assert.equal(text, head + (json && JSON.stringify(JSON.parse(json))));
    assert.deepEqual(
      attachments.map((a) => base64(a as ArrayBuffer)),
      v.packet.attachments ?? [],
    );
  });
}

for (const v of read("socketio/decode").filter(countable)) {
  test("packet read: " + v.name, () => {
    const [got, ...more] = decode(v.frames);
    assert.deepEqual(more, []);
    assert.deepEqual(got, packet(v.packet));
    if (v.event !== undefined) assert.equal(wellFormed(String(got.data[0])), v.event);
  });
}

// Limits that a server sets to its clients. What a server sends is its own affair, up to the limit of a response.
const serversLimits = new Set(["payload too deep", "too many arguments", "attachments too large", "packet too large"]);

for (const v of read("socketio/reject")) {
  if (serversLimits.has(v.reason)) continue;
  test("packet refused: " + v.name, () => {
    const d = new Decoder();
    const last = frame(v.frames[v.frames.length - 1]);
    for (const f of v.frames.slice(0, -1)) d.add(frame(f));
    assert.throws(() => d.add(last));
  });
}

/** Halves of surrogate pairs become U+FFFD, as everywhere that text is UTF-8. */
function wellFormed(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text));
}
