// The handlers that the cases talk to, on the reference server: it proves the cases themselves, and serves the tests
// of clients. The same handlers in Go are in serve_test.go. Listens on 127.0.0.1:$PORT and says so. PARSER=msgpack gives it
// that parser, TRANSPORTS the transports that it allows.

import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const { PARSER, TRANSPORTS } = process.env;
const options = { pingInterval: 300, pingTimeout: 5000 };
if (PARSER === "msgpack") options.parser = (await import("socket.io-msgpack-parser")).default;
if (TRANSPORTS) options.transports = TRANSPORTS.split(",");
const io = new Server(http, options);
const reasons = new Map();

io.of("/auth").use((socket, next) => {
  const { token } = socket.handshake.auth;
  if (token === "secret") return next();
  const err = new Error("not authorized");
  if (token === "bad") err.data = { code: 401 };
  next(err);
});

for (const name of ["/", "/custom", "/auth"]) {
  const nsp = io.of(name);
  nsp.on("connection", (socket) => {
    socket.on("disconnect", (reason) => reasons.set(socket.id, reason));
    socket.on("echo", (...args) => socket.emit("echo-back", ...args));
    socket.on("echo-ack", (...args) => args.pop()(...args));
    socket.on("sum", (a, b, ack) => ack(a + b));
    socket.on("measure", (f, ack) => ack({ name: f.name, size: f.content.length, first: f.content.subarray(0, 1) }));
    socket.on("whoami", (ack) =>
      ack({
        id: socket.id,
        transport: socket.conn.transport.name,
        rooms: [...socket.rooms],
        auth: socket.handshake.auth,
        query: socket.handshake.query.x,
      }),
    );
    socket.on("ask-me", (...args) => socket.emit("question", ...args, (...answer) => socket.emit("answered", ...answer)));
    socket.on("client message", (v) => socket.emit("server message", v));
    socket.on("", (v) => socket.emit("сообщение", v));
    socket.on("message", (...args) => socket.send(...args));

    socket.on("join", (room, ack) => ack(socket.join(room)));
    socket.on("leave", (room, ack) => ack(socket.leave(room)));
    socket.on("to-room", (room, ...args) => socket.to(room).emit("room-msg", room, ...args));
    socket.on("in-room", (room, ...args) => nsp.in(room).emit("room-msg", room, ...args));
    socket.on("in-rooms", (rooms, ack) => ack(nsp.in(rooms).emit("room-msg", rooms.join(" ")) && null));
    socket.on("in-except", (room, muted) => nsp.in(room).except(muted).emit("room-msg", room));
    socket.on("broadcast", (...args) => socket.broadcast.emit("broadcast", ...args));
    socket.on("ask-room", (room, ack) =>
      nsp.in(room).timeout(2000).emit("please-ack", (err, answers) => ack([err?.message ?? null, answers])),
    );

    socket.on("burst", (n) => {
      for (let i = 0; i < n; i++) socket.emit("n", i);
    });
    socket.on("volatile", (n) => {
      for (let i = 0; i < n; i++) socket.volatile.emit("v", i);
      socket.emit("v-done");
    });

    socket.on("last-disconnect", (id, ack) => ack(reasons.get(id) ?? null));
    socket.on("kick", (close) => socket.disconnect(close));
    socket.on("say-goodbye", () => {
      socket.emit("farewell", "client connect server success");
      socket.disconnect();
    });
    socket.on("drop", () => socket.conn.close());

    if (name === "/custom") {
      socket.onAny((event, ...args) => {
        if (event === "whatever") socket.emit("heard", event, ...args);
      });
    }
  });
}

http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log(`listening on ${process.env.PORT}`));
