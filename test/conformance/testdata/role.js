// Talks to one role with the official clients: node role.js URL ROLE. With PARSER=msgpack sio is spoken to in that dialect.
const assert = require("node:assert/strict");
const engine = require("engine.io-client");
const { io } = require("socket.io-client");
const { WebSocket } = require("ws");

const parser = process.env.PARSER === "msgpack" ? require("socket.io-msgpack-parser") : undefined;

const next = (emitter, name) => new Promise((resolve) => emitter.once(name, (...args) => resolve(args)));

async function connect(url) {
  const socket = io(url, { forceNew: true });
  await next(socket, "connect");
  return socket;
}

const roles = {
  async eio(url) {
    for (const transports of [["polling"], ["websocket"]]) {
      const socket = new engine.Socket(url, { transports });
      const [[{ pingInterval, pingTimeout, maxPayload }]] = await Promise.all([next(socket, "handshake"), next(socket, "open")]);
      assert.deepEqual([pingInterval, pingTimeout, maxPayload], [300, 200, 1_000_000]);
      socket.send("text");
      assert.deepEqual(await next(socket, "message"), ["text"]);
      socket.binaryType = "arraybuffer";
      socket.send(new Uint8Array([0, 255]));
      assert.deepEqual(new Uint8Array((await next(socket, "message"))[0]), new Uint8Array([0, 255]));
      await next(socket, "heartbeat");
    }
  },

  async eioclient(url) {
    const socket = new engine.Socket(url, { transports: ["polling"] });
    assert.deepEqual(await next(socket, "message"), ["hi"]);
    socket.send("give utf8");
    assert.deepEqual(await next(socket, "message"), ["пойду спать всем спокойной ночи"]);
    socket.send("sendHeaders");
    assert.match(JSON.parse((await next(socket, "message"))[0])["content-type"], /^text\/plain/);
    const denied = new engine.Socket(url, { query: { deny: 1 } });
    await next(denied, "error");
  },

  async sio(url) {
    for (const namespace of ["/", "/custom"]) {
      const socket = io(url + namespace, { auth: { token: 1 }, forceNew: true, parser });
      assert.deepEqual(await next(socket, "auth"), [{ token: 1 }]);
      socket.emit("message", 1, Buffer.from("2"));
      assert.deepEqual(await next(socket, "message-back"), [1, Buffer.from("2")]);
      assert.deepEqual(await socket.emitWithAck("message-with-ack", "a"), "a");
      socket.once("emit-with-ack", (v, ack) => ack(v + 1));
      socket.emit("emit-with-ack", 1);
      await next(socket, "emit-with-ack");
      assert.deepEqual(await next(socket, "emit-with-ack"), [2]);
    }
  },

  async sioclient(url) {
    const socket = await connect(url + "/?a=b");
    assert.equal(await socket.emitWithAck("getId"), socket.id);
    assert.equal((await socket.emitWithAck("getHandshake")).query.a, "b");
    socket.on("ack", (ack) => ack(5, { test: true }));
    socket.emit("ack");
    await next(socket, "got it");
    socket.emit("jsonbuff", { hello: "lol", message: Buffer.from("howdy"), goodbye: "gotcha" });
    await next(socket, "jsonbuff-ack");
    const [refused] = await next(io(url + "/no", { forceNew: true }), "connect_error");
    assert.equal(refused.message, "Auth failed (custom namespace)");
  },

  async compat(url) {
    const socket = io(url + "/dyn-7", { query: { q: "a b" }, forceNew: true });
    const [welcome] = await next(socket, "welcome");
    const told = { sid: socket.id, eio: 4, rooms: [socket.id], auth: {}, q: "a b", recovered: false };
    assert.deepEqual({ ...welcome, transport: undefined }, { ...told, transport: undefined });
    const refused = io(url + "/auth", { auth: { token: "bad" }, forceNew: true });
    assert.deepEqual((await next(refused, "connect_error"))[0].data, { code: 401 });
  },

  async bench(url) {
    const [a, b] = [await connect(url), await connect(url)];
    assert.equal(await a.emitWithAck("echo", "text"), "text");
    a.emit("bin", Buffer.from("bytes"));
    assert.deepEqual(await next(a, "bin"), [Buffer.from("bytes")]);
    a.emit("cast", "to all");
    assert.deepEqual(await Promise.all([next(a, "m"), next(b, "m")]), [["to all"], ["to all"]]);
    await b.emitWithAck("join", "r");
    a.on("m", () => assert.fail("heard in a room it is not in"));
    a.emit("room", "r", "to the room");
    assert.deepEqual(await next(b, "m"), ["to the room"]);
    await a.emitWithAck("echo", "");
  },

  async attack(url) {
    const socket = await connect(url);
    const answer = await new Promise((resolve) => socket.emit("echo", 1, "a", Buffer.from("b"), (...args) => resolve(args)));
    assert.deepEqual(answer, [1, "a", Buffer.from("b")]);
  },

  async wsecho(url) {
    const socket = new WebSocket(url.replace("http", "ws"));
    await next(socket, "open");
    for (const [data, binary] of [["текст", false], [Buffer.alloc(17 << 20, 1), true]]) {
      socket.send(data, { binary });
      const [back, isBinary] = await next(socket, "message");
      assert.equal(isBinary, binary);
      assert.ok(Buffer.from(data).equals(back));
    }
  },
};

process.exitCode = 1; // for a script that has nothing left to wait for
roles[process.argv[3]](process.argv[2]).then(
  () => process.exit(0),
  (err) => {
    console.error(err);
    process.exit(1);
  },
);
