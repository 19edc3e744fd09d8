// The reference server, serving the five events that the load generator speaks. Prints one line when it is ready.
// SIGUSR2 runs the garbage collector (start with --expose-gc) and prints what is left, in a line of JSON.
"use strict";

const { createServer } = require("http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http, { serveClient: false, perMessageDeflate: false });

io.on("connection", (socket) => {
  socket.on("echo", (text, ack) => ack(text));
  socket.on("bin", (data) => socket.emit("bin", data));
  socket.on("cast", (text) => io.emit("m", text));
  socket.on("join", (room, ack) => {
    socket.join(room);
    ack();
  });
  socket.on("room", (room, text) => io.to(room).emit("m", text));
});

process.on("SIGUSR2", () => {
  if (global.gc) global.gc();
  console.log(JSON.stringify({ heap: process.memoryUsage().heapUsed }));
});

// A deep queue of pending connections, so that a burst of handshakes is limited by the server and not by the queue.
http.listen({ port: Number(process.env.PORT || 3000), host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`ready ${http.address().port}`);
});
