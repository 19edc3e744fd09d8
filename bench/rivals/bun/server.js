// Socket.IO on Bun's own engine, serving the five events that the load generator speaks. Prints one line when it is
// ready. SIGUSR2 runs the garbage collector and prints what is left, in a line of JSON.
import { Server } from "socket.io";
import { Server as Engine } from "@socket.io/bun-engine";

const io = new Server();
const engine = new Engine({ path: "/socket.io/" });
io.bind(engine);

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
  Bun.gc(true);
  console.log(JSON.stringify({ heap: process.memoryUsage().heapUsed }));
});

const server = Bun.serve({
  ...engine.handler(),
  port: Number(process.env.PORT || 3000),
  hostname: "127.0.0.1",
});
console.log(`ready ${server.port}`);
