import assert from "node:assert/strict";
import { event, silent } from "../lab.mjs";

// Everything a socket was sent before this has arrived when it ends: messages to one socket keep their order.
const settled = (...sockets) => Promise.all(sockets.map((s) => s.emitWithAck("echo-ack")));

async function three(connect, room) {
  const sockets = [await connect(), await connect(), await connect()];
  await sockets[0].emitWithAck("join", room);
  await sockets[1].emitWithAck("join", room);
  return sockets;
}

export async function to_a_room_leaves_the_sender_out({ connect }) {
  const [a, b, c] = await three(connect, "r1");
  const [atA, atC] = [silent(a, "room-msg"), silent(c, "room-msg")];
  const atB = event(b, "room-msg");
  a.emit("to-room", "r1", "hi", Buffer.from("!"));
  assert.deepEqual(await atB, ["r1", "hi", Buffer.from("!")]);
  await settled(a, c);
  assert.deepEqual([atA, atC], [[], []]);
}

export async function in_a_room_takes_the_sender_in({ connect }) {
  const [a, b, c] = await three(connect, "r2");
  const atC = silent(c, "room-msg");
  const both = Promise.all([event(a, "room-msg"), event(b, "room-msg")]);
  a.emit("in-room", "r2", 1);
  assert.deepEqual(await both, [["r2", 1], ["r2", 1]]);
  await settled(c);
  assert.deepEqual(atC, []);
}

export async function two_rooms_reach_each_socket_once({ connect }) {
  const [a, b] = await three(connect, "r3");
  await b.emitWithAck("join", "r4");
  const atB = silent(b, "room-msg");
  await a.emitWithAck("in-rooms", ["r3", "r4"]);
  await settled(b);
  assert.equal(atB.length, 1);
}

export async function except_a_room({ connect }) {
  const [a, b] = await three(connect, "r5");
  await b.emitWithAck("join", "muted");
  const atB = silent(b, "room-msg");
  const atA = event(a, "room-msg");
  a.emit("in-except", "r5", "muted");
  assert.deepEqual(await atA, ["r5"]);
  await settled(b);
  assert.deepEqual(atB, []);
}

export async function who_left_hears_nothing({ connect }) {
  const [a, b] = await three(connect, "r6");
  await b.emitWithAck("leave", "r6");
  const atB = silent(b, "room-msg");
  await a.emitWithAck("in-rooms", ["r6"]);
  await settled(b);
  assert.deepEqual(atB, []);
}

export async function everyone_but_the_sender({ connect }) {
  const [a, b] = [await connect("/custom"), await connect("/custom")];
  const atA = silent(a, "broadcast");
  const atB = event(b, "broadcast");
  a.emit("broadcast", "hello friends!");
  assert.deepEqual(await atB, ["hello friends!"]);
  await settled(a);
  assert.deepEqual(atA, []);
}

export async function one_socket_by_its_id({ connect }) {
  const [a, b, c] = [await connect(), await connect(), await connect()];
  const [atA, atC] = [silent(a, "room-msg"), silent(c, "room-msg")];
  const atB = event(b, "room-msg");
  a.emit("in-room", b.id, "hey, I just met you");
  assert.deepEqual(await atB, [b.id, "hey, I just met you"]);
  await settled(a, c);
  assert.deepEqual([atA, atC], [[], []]);
}

export async function the_own_id_as_a_room_leaves_the_sender_out({ connect }) {
  const a = await connect();
  const atA = silent(a, "room-msg");
  a.emit("to-room", a.id, "not delivered");
  await settled(a);
  assert.deepEqual(atA, []);
}

export async function the_server_knows_the_rooms({ connect }) {
  const s = await connect();
  await s.emitWithAck("join", "r7");
  assert.deepEqual((await s.emitWithAck("whoami")).rooms.sort(), [s.id, "r7"].sort());
}
