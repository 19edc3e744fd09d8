// A cell of the matrix: a version of the client, a way to connect, a parser. It makes sockets for the checks and hides what
// differs between versions.

import { createRequire } from "node:module";
import msgpack from "socket.io-msgpack-parser";

const require = createRequire(import.meta.url);
const newest = require("socket.io-client/package.json").version;

export class Cell {
  // version such as "4.0.2", transports such as ["polling", "websocket"], parser "json" or "msgpack".
  constructor({ url, version, transports, parser }) {
    this.url = url;
    this.version = version;
    this.transports = transports;
    this.parser = parser;
    this.io = require(version === newest ? "socket.io-client" : `socket.io-client-${version}`);
    const [major, minor] = version.split(".").map(Number);
    this.old = major < 3; // Socket.IO protocol 4 over Engine.IO 3
    this.knowsItsPrefix = major >= 2 && this.old; // the namespace is in the id of a socket
    this.recovers = major === 4 && minor >= 6;
    this.sockets = [];
    this.count = 0;
  }

  // open makes a socket of a namespace without waiting for it. Credentials go where the version has them.
  open(namespace = "/", { auth, query, manager, ...options } = {}) {
    const opts = {
      transports: this.transports,
      forceNew: true,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      query: query ?? {},
      ...(this.parser === "msgpack" && { parser: msgpack }),
      ...options,
    };
    if (auth && this.old) opts.query = new URLSearchParams(auth).toString();
    else if (auth) opts.auth = auth;
    const socket = manager ? manager.socket(namespace, opts) : this.io(this.url + namespace, opts);
    this.sockets.push(socket);
    // What comes before anybody waits for it is kept.
    socket.welcome = new Promise((resolve) => socket.on("welcome", resolve));
    return socket;
  }

  // connect makes a socket and waits until the server has accepted it.
  async connect(namespace, options) {
    const socket = this.open(namespace, options);
    await connected(socket);
    return socket;
  }

  // refusal is what a socket is told that is not accepted: {message, data}.
  refusal(socket) {
    return new Promise((resolve, reject) => {
      socket.on("connect", () => reject(new Error("connected")));
      socket.on(this.old ? "error" : "connect_error", resolve);
    });
  }

  // room is a name that no other check uses.
  room() {
    return `${this.version} ${this.transports} ${this.parser} ${this.count++}`;
  }

  close() {
    for (const socket of this.sockets) {
      socket.io.reconnection(false);
      socket.io.close ? socket.io.close() : socket.io._close();
    }
  }
}

function connected(socket) {
  return new Promise((resolve, reject) => {
    socket.once("connect", resolve);
    for (const event of ["connect_error", "error"]) {
      socket.once(event, (err) => reject(new Error(`${event}: ${err?.message ?? JSON.stringify(err)}`)));
    }
  });
}

// ask emits an event and resolves to the arguments of its acknowledgement.
export const ask = (socket, ...event) => new Promise((resolve) => socket.emit(...event, (...args) => resolve(args)));

// next resolves to the first n arguments of the next event of that name: behind them the server may have put an offset.
export const next = (socket, name, n = 1) => new Promise((resolve) => socket.once(name, (...args) => resolve(args.slice(0, n))));

// reason resolves to why a socket disconnects.
export const reason = (socket) => new Promise((resolve) => socket.once("disconnect", (reason) => resolve(reason)));

// collect gathers the first n arguments of each event of that name.
export function collect(socket, name, n) {
  const seen = [];
  socket.on(name, (...args) => seen.push(args.slice(0, n)));
  return seen;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// until repeats a question until its answer is true, or what it stands for.
export async function until(question) {
  for (;;) {
    const answer = await question();
    if (answer) return answer;
    await sleep(10);
  }
}

// plain makes Buffers of everything binary, so that values compare whatever the version makes of bytes.
export function plain(value) {
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer ?? value, value.byteOffset, value.byteLength);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  }
  return value;
}
