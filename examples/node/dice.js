// Dice sits in the chat room and rolls for whoever says "!roll 2d6". It runs in Node.js 20 and later:
//
//   make run                         # the chat room
//   node examples/node/dice.js       # http://localhost:3000, or the URL given to it
//
// The client is the one of this project; CLIENT=socket.io-client takes the official one, if it is installed. What the events
// carry is known: the types are made out of the server's contracts, in Go.
"use strict";

/** @typedef {import("../../chatroom/ui/src/wire").ServerToClientEvents} Said */
/** @typedef {import("../../chatroom/ui/src/wire").ClientToServerEvents} Asked */

const { io } = require(process.env.CLIENT || "../../browser");

let token = "";

/** @type {import("socket.io-client").Socket<Said, Asked>} */
const socket = io(process.argv[2] || "http://localhost:3000", {
  auth: (/** @type {(auth: object) => void} */ answer) => answer({ name: "Dice", token }), // asked with each connection
});

socket.on("hello", (hello) => {
  token = hello.token ?? token; // with it we are the same person again
  console.log(`${hello.me.name} is in ${hello.rooms.map((room) => "#" + room.name).join(", ")}`);
});
socket.on("connect_error", (error) => console.error("not let in:", error.message));

socket.on("msg:new", async ({ message, user }) => {
  const asked = /^!roll (\d{1,2})d(\d{1,3})$/.exec(message.body);
  if (!asked) return;
  const [count, sides] = [Number(asked[1]), Number(asked[2])];
  if (count < 1 || sides < 1) return;
  const rolls = Array.from({ length: count }, () => 1 + Math.floor(Math.random() * sides));
  const body = `${user.name} rolls ${rolls.join(" + ")} = ${rolls.reduce((sum, n) => sum + n)}`;
  try {
    const answer = await socket.timeout(10_000).emitWithAck("msg:send", { room: message.room, cid: crypto.randomUUID(), body });
    if (!answer.ok) console.error("not said:", answer.code, answer.retryAfter ?? "");
  } catch (error) {
    console.error("no answer:", error);
  }
});
