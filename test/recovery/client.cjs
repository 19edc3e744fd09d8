// Loses its connection many times, then its server, and says what it got: node client.cjs PACKAGE URL TRANSPORTS ROUNDS
// Prints "ready" when the server may be restarted, and a line of JSON at the end.

const [pkg, url, transports, rounds] = process.argv.slice(2);
const { io } = require(pkg);

const socket = io(url, { transports: transports.split(","), reconnectionDelay: 10, reconnectionDelayMax: 100, forceNew: true });
const got = [];
const wrong = [];
let id, next = 0;

socket.on("missed", (n) => got.push(n));
const connected = () => new Promise((resolve) => socket.once("connect", resolve));
const check = (what, is) => is || wrong.push(`${what}: recovered ${socket.recovered}, id ${socket.id} of ${id}`);
const ask = (...args) => new Promise((resolve) => socket.emit(...args, resolve));

// A poll that engine.io-client has paused for an upgrade which then fails is never resumed. Its heartbeat would notice, after
// the ping timeout, which is a minute here; we notice it earlier.
const watch = setInterval(() => {
  const transport = socket.io.engine?.transport;
  if (transport?.readyState === "paused") transport.onClose();
}, 100);

async function drop(n) {
  const back = connected();
  socket.emit("drop", next, n);
  next += n;
  await back;
  check(`drop ${next}`, socket.recovered && socket.id === id);
}

(async () => {
  await connected();
  id = socket.id;
  socket.emit("enter", "Ann");
  await ask("leave", "left");
  for (let i = 0; i < 3; i++) await drop(0); // nothing received yet
  for (let i = 0; i < rounds; i++) await drop(i % 7);
  await drop(2000); // more than an outbox holds
  const back = connected();
  console.log("ready");
  await back;
  check("restart", socket.recovered && socket.id === id);
  const whoami = await ask("whoami");
  await drop(5); // and on it goes
  console.log(JSON.stringify({ got, wrong, whoami }));
  clearInterval(watch);
  socket.disconnect();
})();
