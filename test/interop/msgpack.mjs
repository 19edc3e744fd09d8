// What the npm package makes of messages. node msgpack.mjs make COUNT SEED prints messages, whole and damaged, and what the
// package reads in each; node msgpack.mjs read FILE prints what it reads in the messages of a file, one in hex to a line. A
// line is JSON: the message in hex and the packet, or null when it is refused.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import parser from "socket.io-msgpack-parser";

const encode = createRequire(createRequire(import.meta.url).resolve("socket.io-msgpack-parser"))("notepack.io").encode;
const [task, ...args] = process.argv.slice(2);

function read(message) {
  const decoder = new parser.Decoder();
  let packet = null;
  decoder.on("decoded", (p) => (packet = p));
  try {
    decoder.add(message);
  } catch {
    return null;
  }
  const { type, nsp, id, data } = packet;
  return { type, nsp, id, data: plain(data) };
}

// plain is a value as JSON: bytes as {"$": hex}, the rest as JSON.stringify has it. MessagePack's own timestamp, which the
// package leaves as it is, becomes a Date, as it does on the other side.
function plain(v) {
  if (Buffer.isBuffer(v)) return { $: v.toString("hex") };
  if (v instanceof ArrayBuffer) return { $: Buffer.from(v).toString("hex") };
  if (v instanceof Date) return v;
  if (Array.isArray(v)) return timestamp(v) ?? v.map(plain);
  if (v && typeof v === "object") return Object.fromEntries(Object.entries(v).map(([k, member]) => [k, plain(member)]));
  return v;
}

function timestamp([type, b, ...more]) {
  if (type !== -1 || more.length > 0 || !Buffer.isBuffer(b)) return undefined;
  let [seconds, nanos] = [0n, 0n];
  if (b.length === 4) seconds = BigInt(b.readUInt32BE());
  else if (b.length === 8) [nanos, seconds] = [b.readBigUInt64BE() >> 34n, b.readBigUInt64BE() & 0x3ffffffffn];
  else if (b.length === 12) [nanos, seconds] = [BigInt(b.readUInt32BE()), b.readBigInt64BE(4)];
  else return undefined;
  return nanos > 999999999n ? undefined : new Date(Number(seconds) * 1000 + Number(nanos / 1000000n));
}

// random numbers that are the same everywhere (mulberry32).
function generator(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

function make(count, seed) {
  const random = generator(seed);
  const pick = (list) => list[random(list.length)];
  const text = () => pick(["", "a", "é€😀", "\u0000\"\\\n", "x".repeat(random(300)), "_placeholder", "num"]);
  const bytes = () => Buffer.from(Array.from({ length: random(40) }, () => random(256)));
  const scalar = () =>
    pick([
      null, undefined, true, false, 0, -1, random(2 ** 8), random(2 ** 17), random(2 ** 33), -random(2 ** 33), 2 ** 53, -(2 ** 53), 0.5, -1.5e-7, 1e-300,
      NaN, Infinity, new Date(random(2 ** 41)), new Date(-random(2 ** 45)), text(), text(), bytes(), bytes(), new Uint8Array(bytes()).buffer,
    ]);
  const value = (depth) => {
    const kind = random(depth > 0 ? 10 : 8);
    if (kind < 8) return scalar();
    if (kind === 8) return Array.from({ length: random(20) }, () => value(depth - 1));
    return Object.fromEntries(Array.from({ length: random(20) }, () => [text(), value(depth - 1)]));
  };
  const namespace = () => pick(["/", "/", "/admin", "/é", "admin", ""]);
  const packets = [
    () => ({ type: 0, data: pick([undefined, { token: value(1) }]), nsp: namespace() }),
    () => ({ type: 1, nsp: namespace() }),
    () => ({ type: 2, data: [pick(["event", "event", text(), random(100), "connect", value(0)]), value(4), value(2)], options: { compress: true }, id: pick([undefined, random(2 ** 40)]), nsp: namespace() }),
    () => ({ type: 3, data: [value(4)], id: pick([random(100), -1, 1.5]), nsp: namespace() }),
    () => ({ type: 4, data: pick([{ message: text() }, text(), value(1)]), nsp: namespace() }),
    () => ({ type: random(7), data: value(2), nsp: pick(["/", value(0)]), id: value(0) }),
  ];
  for (let i = 0; i < count; i++) {
    const whole = encode(pick(packets)());
    const messages = [whole];
    for (let n = 0; n < 3; n++) {
      const damaged = Buffer.from(whole);
      for (let m = random(3); m >= 0; m--) damaged[random(damaged.length)] = pick([random(256), 0xc0 + random(32)]);
      if (damaged.includes(0xc9)) continue; // a claim of gigabytes, which the package would fill byte by byte
      messages.push(pick([damaged, damaged, damaged.subarray(0, random(damaged.length)), Buffer.concat([damaged, bytes()])]));
    }
    for (const message of messages) say(message);
  }
}

const say = (message) => console.log(JSON.stringify([message.toString("hex"), read(message)]));

if (task === "make") make(Number(args[0]), Number(args[1]));
else {
  for (const line of readFileSync(args[0], "utf8").split("\n")) if (line) say(Buffer.from(line, "hex"));
}
