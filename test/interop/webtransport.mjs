// The reference server with its own code for WebTransport. HTTP/3 is the business of whoever starts it: for Node.js there
// is none in the registry without a part that is downloaded from elsewhere. So each connection to the second of the two
// ports that it prints is a session with one stream. The first port is HTTP, for polling and WebSocket.

import { createServer } from "node:http";
import { createServer as createPipes } from "node:net";
import { Duplex } from "node:stream";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["polling", "websocket", "webtransport"], pingInterval: 200, pingTimeout: 5000 });

io.on("connection", (socket) => {
  socket.on("echo", (...args) => args.pop()(...args));
  socket.on("transport", (ack) => ack(socket.conn.transport.name));
  socket.on("burst", (n) => {
    for (let i = 0; i < n; i++) socket.emit("n", i);
  });
  socket.on("drop", () => socket.conn.close());
});

const pipes = createPipes((pipe) => {
  pipe.on("error", () => pipe.destroy());
  io.engine.onWebTransportSession({
    ready: Promise.resolve(),
    closed: new Promise((resolve) => pipe.once("close", resolve)),
    incomingBidirectionalStreams: new ReadableStream({ start: (c) => c.enqueue(Duplex.toWeb(pipe)) }),
    close: () => pipe.destroySoon(),
  });
});

http.listen(0, "127.0.0.1", () =>
  pipes.listen(0, "127.0.0.1", () => console.log(`${http.address().port} ${pipes.address().port}`)),
);
