import assert from "node:assert/strict";
import { event, silent } from "../lab.mjs";

export async function two_on_one_connection({ manager, connect }) {
  const m = manager();
  const [main, custom] = [await connect("/", { manager: m }), await connect("/custom", { manager: m })];
  assert.notEqual(main.id, custom.id);
  const strays = silent(main, "echo-back");
  custom.emit("echo", "custom");
  assert.deepEqual(await event(custom, "echo-back"), ["custom"]);
  await main.emitWithAck("echo-ack");
  assert.deepEqual(strays, []);
}

export async function leaving_one_keeps_the_other({ manager, connect }) {
  const m = manager();
  const [main, custom] = [await connect("/", { manager: m }), await connect("/custom", { manager: m })];
  custom.disconnect();
  assert.equal(await main.emitWithAck("echo-ack", 1), 1);
  custom.connect();
  await event(custom, "connect");
  assert.equal(await custom.emitWithAck("echo-ack", 2), 2);
}

export async function an_unknown_one_is_refused({ socket }) {
  const s = socket("/nowhere");
  const [err] = await event(s, "connect_error");
  assert.equal(err.message, "Invalid namespace");
  assert.equal(s.active, false);
}

export async function credentials_reach_the_server({ connect }) {
  const s = await connect("/", { auth: { token: "abc", deep: { n: [1] } }, query: { x: "1 & é" } });
  const me = await s.emitWithAck("whoami");
  assert.equal(me.id, s.id);
  assert.deepEqual(me.auth, { token: "abc", deep: { n: [1] } });
  assert.equal(me.query, "1 & é");
}

export async function credentials_from_a_function({ connect }) {
  const s = await connect("/", { auth: (send) => setTimeout(() => send({ token: "later" }), 5) });
  assert.deepEqual((await s.emitWithAck("whoami")).auth, { token: "later" });
}

export async function the_middleware_lets_in({ connect }) {
  const s = await connect("/auth", { auth: { token: "secret" } });
  assert.equal(await s.emitWithAck("echo-ack", "in"), "in");
}

export async function the_middleware_refuses({ socket }) {
  const s = socket("/auth", { auth: {} });
  const [err] = await event(s, "connect_error");
  assert.equal(err.message, "not authorized");
  assert.equal(err.data, undefined);
  assert.equal(s.connected, false);
}

export async function the_middleware_refuses_with_data({ socket }) {
  const s = socket("/auth", { auth: { token: "bad" } });
  const [err] = await event(s, "connect_error");
  assert.equal(err.message, "not authorized");
  assert.deepEqual(err.data, { code: 401 });
}

export async function refused_once_then_let_in({ socket }) {
  const s = socket("/auth", { auth: { token: "bad" } });
  await event(s, "connect_error");
  s.auth = { token: "secret" };
  s.connect();
  await event(s, "connect");
  assert.equal(await s.emitWithAck("echo-ack", "in"), "in");
}
