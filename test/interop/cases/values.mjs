import assert from "node:assert/strict";
import { event, events } from "../lab.mjs";

async function comesBack(s, ...args) {
  s.emit("echo", ...args);
  assert.deepEqual(await event(s, "echo-back"), args);
  assert.deepEqual(await new Promise((resolve) => s.emit("echo-ack", ...args, (...back) => resolve(back))), args);
}

export async function several_types_keep_their_order({ connect }) {
  await comesBack(await connect(), "can you hear me?", 1, 2.5, -3, 1e-7, true, false, null, [], {}, "abc", [[1, [2]]], { a: { b: null } });
}

export async function utf8({ connect }) {
  await comesBack(await connect(), "てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "😀\u2028\u0000\u001e\"\\/</script>", { "ключ": "値" });
}

export async function names_may_hold_anything({ connect }) {
  const s = await connect();
  s.emit("client message", { msg: "hi, server" });
  assert.deepEqual(await event(s, "server message"), [{ msg: "hi, server" }]);
  s.emit("", "empty");
  assert.deepEqual(await event(s, "сообщение"), ["empty"]);
}

export async function send_is_message({ connect }) {
  const s = await connect();
  s.send("for myself", 2);
  assert.deepEqual(await event(s, "message"), ["for myself", 2]);
}

export async function the_catch_all_hears_everything({ connect }) {
  const s = await connect("/custom");
  s.emit("whatever", 1);
  assert.deepEqual(await event(s, "heard"), ["whatever", 1]);
}

export async function binary_both_ways({ connect }) {
  await comesBack(await connect(), Buffer.from([0, 1, 2, 255]), "between", Buffer.from("last"));
}

export async function binary_inside_values({ connect }) {
  await comesBack(await connect(), { a: Buffer.from("a"), list: [Buffer.from("b"), { c: Buffer.from("c") }], n: 1 }, "x");
}

export async function empty_binary({ connect }) {
  await comesBack(await connect(), Buffer.alloc(0), { empty: Buffer.alloc(0) });
}

export async function typed_binary({ connect }) {
  const s = await connect();
  const answer = await s.emitWithAck("measure", { name: "file", content: Buffer.from("0123456789") });
  assert.deepEqual(answer, { name: "file", size: 10, first: Buffer.from("0") });
}

export async function the_client_answers_with_binary({ connect }) {
  const s = await connect();
  s.on("question", (b, ack) => ack(b, { copy: b }));
  s.emit("ask-me", Buffer.from("bytes"));
  assert.deepEqual(await event(s, "answered"), [Buffer.from("bytes"), { copy: Buffer.from("bytes") }]);
}

export async function three_hundred_kilobytes_of_text({ connect }) {
  await comesBack(await connect(), "é".repeat(150_000));
}

export async function three_hundred_kilobytes_of_binary({ connect }) {
  await comesBack(await connect(), Buffer.alloc(300_000, 7));
}

export async function two_hundred_messages_in_order({ connect }) {
  const s = await connect();
  const sent = Array.from({ length: 200 }, (_, i) => (i % 3 === 2 ? Buffer.from(`${i}`) : i % 3 === 1 ? { i } : i));
  const back = events(s, "echo-back", sent.length);
  for (const m of sent) s.emit("echo", m);
  assert.deepEqual((await back).map(([m]) => m), sent);
}

export async function a_burst_from_the_server_in_order({ connect }) {
  const s = await connect();
  const numbers = events(s, "n", 500);
  s.emit("burst", 500);
  assert.deepEqual((await numbers).map(([i]) => i), Array.from({ length: 500 }, (_, i) => i));
}

export async function volatile_messages({ connect }) {
  const s = await connect();
  const seen = [];
  s.on("v", (i) => seen.push(i));
  s.emit("volatile", 100);
  await event(s, "v-done");
  assert.ok(seen.every((n, i) => n >= 0 && n < 100 && (i === 0 || seen[i - 1] < n)), `not in order: ${seen}`);
}

export async function messages_before_the_connection_are_kept({ socket }) {
  const s = socket();
  s.emit("echo", "early", Buffer.from("bird"));
  assert.deepEqual(await event(s, "echo-back"), ["early", Buffer.from("bird")]);
}
