// Connects four clients, one after the other, and checks what each of them hears: node sheet.js URL
const assert = require("node:assert/strict");
const { io } = require("socket.io-client");
const url = process.argv[2];

async function client(namespace, auth) {
  const socket = io(url + namespace, { auth, forceNew: true });
  socket.heard = [];
  socket.onAny((event, ...args) => {
    if (event === "question") return args.pop()("yes, " + args[0]);
    socket.heard.push([event, ...args]);
  });
  await new Promise((resolve, reject) => socket.on("connect", resolve).on("connect_error", reject));
  return socket;
}

// The last line of the sheet reaches everyone, so it is there when the whole sheet is through.
async function through(socket, times = 1) {
  const last = "an event sent to all connected clients";
  while (socket.heard.filter(([event]) => event === last).length < times) {
    await new Promise((resolve) => socket.onAny(resolve));
  }
}

process.exitCode = 1; // for a script that has nothing left to wait for
(async () => {
  const player = await client("/", { rooms: ["game", "game1", "game2"] });
  await through(player);
  const muted = await client("/", { rooms: ["game", "muted"] });
  await through(muted);
  const watcher = await client("/myNamespace", { rooms: ["room"] });
  const stranger = await client("/myNamespace", {});
  for (const socket of [player, muted]) {
    await through(socket, socket === player ? 2 : 1);
    socket.heard.length = 0;
  }

  const sender = await client("/", { rooms: ["game"], friend: muted.id });
  for (const socket of [sender, player, muted]) await through(socket);

  const toAll = [
    ["hi", "my lovely babies"],
    ["an event sent to all connected clients"],
  ];
  assert.deepEqual(
    sender.heard.filter(([event]) => event !== "maybe"),
    [
      ["hello", "can you hear me?", 1, 2, "abc"],
      ["message", "for yourself"],
      ["big-announcement", "the game will start soon"],
      ["you said", "yes, do you think so?"],
      ["uncompressed", "that's rough"],
      ["what", "I have no binaries!"],
      ...toAll,
    ],
  );
  assert.deepEqual(player.heard, [
    ["broadcast", "hello friends!"],
    ["nice game", "let's play a game"],
    ["nice game", "let's play too"],
    ["quiet game", "hush"],
    ["big-announcement", "the game will start soon"],
    ...toAll,
  ]);
  assert.deepEqual(muted.heard, [
    ["broadcast", "hello friends!"],
    ["nice game", "let's play a game"],
    ["big-announcement", "the game will start soon"],
    ["hey", "I just met you"],
    ...toAll,
  ]);
  const tournament = ["bigger-announcement", "the tournament will start soon"];
  while (watcher.heard.length < 2 || stranger.heard.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(watcher.heard, [tournament, ["event", "message"]]);
  assert.deepEqual(stranger.heard, [tournament]);
  process.exit(0);
})().catch((err) => {
  console.error(err);
  process.exit(1);
});
