import assert from "node:assert/strict";
import { event, until } from "../lab.mjs";

const lastDisconnect = (witness, id) => until(() => witness.emitWithAck("last-disconnect", id));

export async function the_transport_is_the_one_asked_for({ connect, transports }) {
  const s = await connect();
  const { engine } = s.io;
  const last = transports.at(-1);
  if (engine.transport.name !== last) await event(engine, "upgrade");
  assert.equal(engine.transport.name, last);
  const me = await until(async () => {
    const me = await s.emitWithAck("whoami");
    return me.transport === last ? me : null;
  });
  assert.equal(me.transport, last);
}

export async function messages_flow_during_the_upgrade({ connect }) {
  const s = await connect();
  for (let i = 0; i < 100; i++) assert.equal(await s.emitWithAck("echo-ack", i), i);
}

export async function heartbeats_keep_an_idle_connection({ connect }) {
  const s = await connect();
  const { id } = s;
  for (let i = 0; i < 3; i++) await event(s.io.engine, "heartbeat");
  assert.equal(s.id, id);
  assert.equal(await s.emitWithAck("echo-ack", "still the same"), "still the same");
}

export async function the_client_disconnects({ connect }) {
  const [s, witness] = [await connect(), await connect()];
  const { id } = s;
  const gone = event(s, "disconnect");
  s.disconnect();
  assert.equal((await gone)[0], "io client disconnect");
  assert.match(await lastDisconnect(witness, id), /^client namespace disconnect$/);
}

export async function the_client_closes_the_connection({ connect }) {
  const [s, witness] = [await connect(), await connect()];
  const { id } = s;
  const gone = event(s, "disconnect");
  s.io.reconnection(false);
  s.io.engine.close();
  assert.equal((await gone)[0], "forced close");
  assert.match(await lastDisconnect(witness, id), /^transport close$|^transport error$|^client namespace disconnect$/);
}

export async function the_server_disconnects_the_namespace({ manager, connect }) {
  const m = manager();
  const [s, other] = [await connect("/", { manager: m }), await connect("/custom", { manager: m })];
  const { id } = s;
  s.emit("kick", false);
  assert.equal((await event(s, "disconnect"))[0], "io server disconnect");
  assert.equal(s.active, false);
  assert.equal(await lastDisconnect(other, id), "server namespace disconnect");
  s.connect();
  await event(s, "connect");
  assert.notEqual(s.id, id);
}

export async function the_server_disconnects_the_connection({ connect }) {
  const [s, witness] = [await connect(), await connect()];
  const { id } = s;
  s.emit("kick", true);
  assert.match((await event(s, "disconnect"))[0], /^io server disconnect$|^transport close$/);
  assert.equal(await lastDisconnect(witness, id), "server namespace disconnect");
}

export async function what_was_emitted_before_a_kick_arrives({ connect }) {
  const s = await connect();
  const farewell = event(s, "farewell");
  s.emit("say-goodbye");
  assert.deepEqual(await farewell, ["client connect server success"]);
  if (s.connected) await event(s, "disconnect");
}

export async function a_dropped_connection_comes_back({ connect }) {
  const [s, witness] = [await connect(), await connect()];
  const { id } = s;
  const back = event(s, "connect");
  s.emit("drop");
  assert.match((await event(s, "disconnect"))[0], /^transport close$|^transport error$/);
  s.emit("echo", "kept while away");
  const kept = event(s, "echo-back");
  await back;
  assert.notEqual(s.id, id);
  assert.deepEqual(await kept, ["kept while away"]);
  assert.match(await lastDisconnect(witness, id), /^forced (server )?close$|^transport (close|error)$/);
}

export async function a_restarted_server_is_found_again({ connect }) {
  const s = await connect("/custom");
  const { id } = s;
  let attempts = 0;
  s.io.on("reconnect_attempt", () => attempts++);
  const gone = event(s, "disconnect");
  await fetch(process.env.CONTROL_URL, { method: "POST" });
  await gone;
  if (!s.connected) await event(s, "connect");
  assert.ok(attempts > 0);
  assert.notEqual(s.id, id);
  assert.equal(await s.emitWithAck("echo-ack", "again"), "again");
}
