import assert from "node:assert/strict";
import { event } from "../lab.mjs";

export async function the_server_answers({ connect }) {
  const s = await connect();
  const answer = await new Promise((resolve) => s.emit("echo-ack", 1, "two", { three: [3] }, null, (...args) => resolve(args)));
  assert.deepEqual(answer, [1, "two", { three: [3] }, null]);
}

export async function the_server_answers_with_nothing({ connect }) {
  const s = await connect();
  const answer = await new Promise((resolve) => s.emit("echo-ack", (...args) => resolve(args)));
  assert.deepEqual(answer, []);
}

export async function a_typed_call({ connect }) {
  const s = await connect();
  assert.equal(await s.emitWithAck("sum", 40, 2), 42);
}

export async function the_client_answers({ connect }) {
  const s = await connect();
  s.on("question", (...args) => {
    const ack = args.pop();
    ack(...args.reverse());
  });
  s.emit("ask-me", "a", { b: 1 }, [2]);
  assert.deepEqual(await event(s, "answered"), [[2], { b: 1 }, "a"]);
}

export async function both_ask_each_other({ connect }) {
  const s = await connect();
  s.on("question", async (n, ack) => ack(await s.emitWithAck("echo-ack", n + 1)));
  s.emit("ask-me", 1);
  assert.deepEqual(await event(s, "answered"), [2]);
}

export async function fifty_questions_at_once({ connect }) {
  const s = await connect();
  const numbers = Array.from({ length: 50 }, (_, i) => i);
  assert.deepEqual(await Promise.all(numbers.map((n) => s.emitWithAck("echo-ack", n))), numbers);
}

export async function no_answer_in_time({ connect }) {
  const s = await connect();
  await assert.rejects(s.timeout(100).emitWithAck("nobody-listens", 1), /operation has timed out/);
  assert.equal(await s.emitWithAck("echo-ack", "still here"), "still here");
}

export async function a_whole_room_answers({ connect }) {
  const sockets = [await connect(), await connect(), await connect()];
  for (const [i, s] of sockets.entries()) {
    await s.emitWithAck("join", "jury");
    s.on("please-ack", (ack) => ack(i));
  }
  const [err, answers] = await sockets[0].emitWithAck("ask-room", "jury");
  assert.equal(err, null);
  assert.deepEqual(answers.sort(), [0, 1, 2]);
}

export async function part_of_a_room_answers({ connect }) {
  const [a, b] = [await connect(), await connect()];
  for (const s of [a, b]) await s.emitWithAck("join", "half");
  a.on("please-ack", (ack) => ack("a"));
  const [err, answers] = await b.emitWithAck("ask-room", "half");
  assert.match(err, /timed out|deadline/);
  assert.deepEqual(answers, ["a"]);
}
