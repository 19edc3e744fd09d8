// The support servers of the official clients' tests on the reference server, as the roles sioclient and eioclient of
// test/conformance are in Go: they prove the tests. Both listen on 127.0.0.1:$PORT, which it says.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { Server } from "socket.io";

// Package engine.io is one of socket.io's own.
const engineio = createRequire(createRequire(import.meta.url).resolve("socket.io"))("engine.io");

const http = createServer();
serveSockets(new Server(http, {
  pingInterval: 2000,
  connectionStateRecovery: {},
  allowRequest: (_, allow) => setTimeout(allow, 10, null, true),
}));
serveEngine(engineio.attach(http, {
  pingInterval: 500,
  maxHttpBufferSize: 100,
  destroyUpgrade: false,
  allowRequest: ({ url }, allow) => allow(null, !new URL(url, "http://localhost").searchParams.has("deny")),
}));
http.listen(Number(process.env.PORT), "127.0.0.1", () => console.log(`listening on ${process.env.PORT}`));

function serveSockets(io) {
  io.use((socket, next) => next("fail" in socket.handshake.query ? new Error("Auth failed (main namespace)") : undefined));
  io.of("/no").use((_, next) => next(new Error("Auth failed (custom namespace)")));
  for (const name of ["/timeout_socket", "/valid", "/asd"]) io.of(name);
  io.of("/abc").on("connection", (socket) => socket.emit("handshake", socket.handshake));
  io.of("/foo").on("connection", (socket) => socket.on("getId", (ack) => ack(socket.id)));

  io.on("connection", (socket) => {
    const answer = (event, ...args) => () => socket.emit(event, ...args);
    const on = (handlers) => Object.entries(handlers).forEach(([event, fn]) => socket.on(event, fn));
    on({
      hi: answer("hi"),
      false: answer("false", false),
      doge: answer("doge", Buffer.from("asdfasdf")),
      getbin: answer("takebin", Buffer.from("asdfasdf")),
      echo: (arg, ack) => ack(arg),
      ack: answer("ack", (a, b) => a === 5 && b.test && socket.emit("got it")),
      getAckDate: (_, ack) => ack(new Date()),
      getDate: () => socket.emit("takeDate", new Date()),
      getDateObj: () => socket.emit("takeDateObj", { date: new Date() }),
      getUtf8: () => ["てすと", "Я Б Г Д Ж Й", "Ä ä Ü ü ß", "utf8 — string", "utf8 — string"].forEach((text) => socket.emit("takeUtf8", text)),
      getHandshake: (ack) => ack(socket.handshake),
      getId: (ack) => ack(socket.id),
    });

    // Each is answered when its bytes came as bytes; in a row, when those before it did.
    const bytes = Buffer.isBuffer;
    const whole = ({ hello, message, goodbye }) => hello === "lol" && bytes(message) && goodbye === "gotcha";
    const came = new Set();
    const row = (event, right, before, name) => (v) => {
      if (!right(v) || (before && !came.has(before))) return;
      came.add(event);
      if (name) socket.emit(name);
    };
    on({
      buffa: row("buffa", bytes, "", "buffack"),
      blob: row("blob", bytes, "", "back"),
      jsonbuff: row("jsonbuff", whole, "", "jsonbuff-ack"),
      jsonblob: row("jsonblob", whole, "", "jsonblob-ack"),
      abuff1: row("abuff1", bytes),
      abuff2: row("abuff2", () => true, "abuff1", "abuff2-ack"),
      blob1: row("blob1", bytes),
      blob2: row("blob2", (v) => v === "second", "blob1"),
      blob3: row("blob3", bytes, "blob2", "blob3-ack"),
    });
  });
}

function serveEngine(engine) {
  engine.on("initial_headers", (headers) => {
    headers["set-cookie"] = [
      "1=1; Max-Age=86400",
      "2=2; Path=/; HttpOnly; Secure; SameSite=Strict",
      "3=3; Max-Age=0",
      `4=4; Expires=${new Date().toUTCString()}`,
    ];
  });
  engine.on("connection", (conn) => {
    conn.send("hi");
    conn.on("message", (data) => {
      if (data === "give binary") conn.send(Buffer.from([0, 1, 2, 3, 4]));
      else if (data === "give utf8") conn.send("пойду спать всем спокойной ночи");
      else if (data === "sendHeaders") conn.send(JSON.stringify(conn.transport.dataReq?.headers));
      else conn.send(data);
    });
  });
}
