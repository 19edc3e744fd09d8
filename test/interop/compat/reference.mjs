// The server that clients of every version are tried on, on the reference implementation: it proves the checks. The same
// one in Go is the role compat of test/conformance. Listens on 127.0.0.1:$PORT, with PARSER=msgpack in that dialect;
// PING_TIMEOUT is in milliseconds.

import { createServer } from "node:http";
import { Server } from "socket.io";
import msgpack from "socket.io-msgpack-parser";

const http = createServer();
const io = new Server(http, {
  allowEIO3: true,
  pingInterval: 800,
  pingTimeout: Number(process.env.PING_TIMEOUT ?? 700),
  maxHttpBufferSize: 1e6,
  cors: { origin: true, credentials: true },
  connectionStateRecovery: { maxDisconnectionDuration: 10_000, skipMiddlewares: true },
  ...(process.env.PARSER === "msgpack" && { parser: msgpack }),
});
const reasons = new Map();

io.of("/auth").use((socket, next) => {
  const { token } = socket.handshake.auth;
  if (token === "secret") return next();
  const err = new Error("not authorized");
  if (token === "bad") err.data = { code: 401 };
  next(err);
});

const info = (socket) => ({
  sid: socket.id,
  eio: socket.conn.protocol,
  transport: socket.conn.transport.name,
  rooms: [...socket.rooms],
  auth: socket.handshake.auth,
  q: socket.handshake.query.q,
  recovered: socket.recovered,
});

for (const name of ["/", "/chat", "/auth", /^\/dyn-\d+$/]) {
  io.of(name).on("connection", (socket) => {
    const nsp = socket.nsp;
    socket.emit("welcome", info(socket));
    socket.on("disconnect", (reason) => reasons.set(socket.id, reason));
    socket.on("last-disconnect", (sid, ack) => ack(reasons.get(sid) ?? null));

    socket.on("echo", (...a) => socket.emit("echo-back", ...a));
    socket.on("echo-ack", (...a) => a.pop()(...a));
    socket.on("bin-ack", (data, ack) => ack({ isBin: Buffer.isBuffer(data), len: data.length, data, nested: { a: [data] } }));
    socket.on("whoami", (ack) => ack(info(socket)));
    socket.on("ask-me", (...a) => socket.emit("question", ...a, (...answers) => socket.emit("answered", ...answers)));
    socket.on("volatile", (n) => {
      for (let i = 0; i < n; i++) socket.volatile.emit("v", i);
      socket.emit("v-done", n);
    });

    socket.on("join", (room, ack) => (socket.join(room), ack()));
    socket.on("leave", (room, ack) => (socket.leave(room), ack()));
    socket.on("bcast", (room, ...a) => socket.to(room).emit("room-msg", room, ...a));
    socket.on("io-bcast", (room, ...a) => nsp.to(room).emit("room-msg", room, ...a));
    socket.on("bcast-except", (room, x, ...a) => nsp.to(room).except(x).emit("room-msg", room, ...a));
    socket.on("bcast-ack", (room, ack) =>
      nsp.timeout(1000).to(room).emit("please-ack", (err, responses) => ack(err ? err.message : null, responses)),
    );

    socket.on("kick", (close) => socket.disconnect(close));
    socket.on("drop", () => socket.conn.close());
    socket.on("drop-then-emit", (n) => {
      socket.conn.close();
      for (let i = 0; i < n; i++) nsp.to(socket.id).emit("missed", i);
    });
  });
}

http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log(`listening on ${process.env.PORT}`));
