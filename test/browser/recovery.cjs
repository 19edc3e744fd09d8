// The reference server with connection state recovery, and a page with our client. Listens on 127.0.0.1:$PORT, serves
// the client from $CLIENT, and says so.
//
// "miss" ends the connection of a socket and, while it is away, emits to it n times; before that it sends it a volatile
// event that ends with a string, which is not stored and so has no offset.

const { createServer } = require("node:http");
const { readFileSync } = require("node:fs");
const { Server } = require("socket.io");

const http = createServer((req, res) => {
  const script = req.url === "/client.js";
  res.setHeader("Content-Type", script ? "text/javascript" : "text/html; charset=utf-8");
  res.end(script ? readFileSync(process.env.CLIENT) : '<!doctype html><link rel="icon" href="data:,"><script src="/client.js"></script>');
});
const io = new Server(http, { connectionStateRecovery: { maxDisconnectionDuration: 60_000 }, serveClient: false });

io.on("connection", (socket) => {
  socket.on("hello", () => socket.emit("hello", socket.recovered));
  socket.on("miss", function miss(n) {
    // A volatile event is dropped while no poll waits.
    if (!socket.conn.transport.writable) return setTimeout(miss, 1, n);
    socket.volatile.emit("typing", "running");
    setImmediate(() => {
      socket.conn.close();
      for (let i = 0; i < n; i++) io.to(socket.id).emit("missed", i, Buffer.from([i]));
    });
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log(`listening on ${process.env.PORT}`));
