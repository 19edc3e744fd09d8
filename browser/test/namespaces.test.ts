// Several namespaces on one connection, and what io() shares.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { io, Manager } from "../src/index";
import { net, time } from "./world";

beforeEach(() => {
  net.manners = {};
  net.heard = () => {};
});

const options = { transports: ["websocket" as const] };
let hosts = 0;
/** A server that no other test has a connection to. */
const fresh = () => `http://host${++hosts}.test`;

test("namespaces of one server share a connection, each with its own id and events", async () => {
  const url = fresh();
  const main = io(url, options);
  const admin = io(url + "/admin?x=1", options);
  assert.equal(main.io, admin.io);
  await time.settle();
  assert.deepEqual(net.session.messages, ["0", "0/admin,"]);
  assert.notEqual(main.id, admin.id);
  const got: any[] = [];
  main.on("x", () => got.push("main"));
  admin.on("x", () => got.push("admin"));
  net.session.send('2/admin,["x"]', '2/nobody,["x"]', '2["x"]', '2/__proto__,["x"]');
  await time.settle();
  assert.deepEqual(got, ["admin", "main"]);
  admin.emit("y");
  await time.settle();
  assert.equal(net.session.messages[2], '2/admin,["y"]');

  main.disconnect();
  await time.settle();
  assert.equal(admin.connected, true);
  assert.equal(net.session.ws!.readyState, 1);
  admin.disconnect();
  await time.settle();
  assert.equal(net.session.ws!.readyState, 3);
});

test("a socket made on an open connection lets its listeners be added first", async () => {
  const url = fresh();
  const main = io(url, options);
  await time.settle();
  const late = io(url + "/late", options);
  const story: string[] = [];
  late.on("connecting", () => story.push("connecting")).on("connect", () => story.push("connect"));
  await time.settle();
  assert.deepEqual(story, ["connecting", "connect"]);
  main.disconnect();
  late.disconnect();
});

test("the same namespace again, forceNew and multiplex:false make another connection", async () => {
  const url = fresh();
  const first = io(url, options);
  assert.notEqual(io(url, options).io, first.io);
  assert.notEqual(io(url + "/a", { ...options, forceNew: true }).io, first.io);
  assert.notEqual(io(url + "/a", { ...options, "force new connection": true }).io, first.io);
  assert.notEqual(io(url + "/a", { ...options, multiplex: false }).io, first.io);
  assert.notEqual(io(url + "/a", { ...options, path: "/other" }).io, first.io);
  assert.equal(io(url + "/a", options).io, first.io);
  assert.equal(io(url, { ...options, path: "/other" }).io.opts.path, "/other");
});

test("the query of the URL is sent, unless the option gives one", async () => {
  io(fresh() + "/?a=1%262", { ...options, forceNew: true });
  await time.settle();
  const q = net.session.url.searchParams;
  assert.deepEqual([q.get("a"), q.get("EIO"), q.get("transport")], ["1&2", "4", "websocket"]);
  io(fresh() + "/?a=1", { ...options, forceNew: true, query: { b: "x y" } });
  await time.settle();
  assert.equal(net.session.url.search, "?b=x%20y&EIO=4&transport=websocket");
});

test("path, slash and port", async () => {
  const url = async (more: object, to = fresh() + ":8080") => {
    io(to, { ...options, forceNew: true, ...more });
    await time.settle();
    const { url } = net.requests[net.requests.length - 1];
    return url.protocol + url.port + url.pathname;
  };
  assert.equal(await url({}), "ws:8080/socket.io/");
  assert.equal(await url({ path: "/a/b/" }), "ws:8080/a/b/");
  assert.equal(await url({ path: "/a", addTrailingSlash: false }), "ws:8080/a");
  assert.equal(await url({}, "https://secure.test"), "wss:/socket.io/");
});

test("a server given by its parts instead of a URL", async () => {
  const url = async (o: object) => {
    const m = new Manager({ ...options, autoConnect: true, ...o } as any);
    await time.settle();
    m._close();
    return net.requests[net.requests.length - 1].url.origin;
  };
  assert.equal(await url({ hostname: "a.test" }), "ws://a.test");
  assert.equal(await url({ hostname: "a.test", secure: false }), "ws://a.test");
  assert.equal(await url({ host: "a.test", secure: false, port: 3000 }), "ws://a.test:3000");
  assert.equal(await url({ host: "a.test:81" }), "ws://a.test:81");
  assert.equal(await url({ host: "2001:db8::1" }), "ws://[2001:db8::1]");
  assert.equal(await url({ hostname: "::1", port: 8443, secure: true }), "wss://[::1]:8443");
  assert.equal(await url({ hostname: "[::1]", secure: false }), "ws://[::1]");
});

test("credentials: an object, or a function asked at each connection", async () => {
  let n = 0;
  const s = io(fresh(), { ...options, auth: (send) => send({ token: ++n }) });
  await time.settle();
  assert.deepEqual(net.session.messages, ['0{"token":1}']);
  net.session.drop();
  await time.pass(5000);
  assert.deepEqual(net.session.messages, ['0{"token":2}']);
  s.auth = { token: "fixed" };
  s.disconnect().connect();
  await time.settle();
  assert.deepEqual(net.session.messages, ['0{"token":"fixed"}']);
  s.disconnect();
});

test("an auth function that throws is a connection error", async () => {
  const s = io(fresh(), {
    ...options,
    auth: () => {
      throw new Error("no credentials");
    },
  });
  const [err] = await new Promise<any[]>((resolve) => s.on("connect_error", (...args) => resolve(args)));
  assert.equal(err.message, "no credentials");
  s.disconnect();
});

test("an answer of the auth function that comes too late, or twice, is not sent", async () => {
  const sends: any[] = [];
  const s = io(fresh(), { ...options, auth: (send) => sends.push(send) });
  await time.settle();
  net.session.drop();
  await time.pass(5000);
  sends[0]({ stale: true });
  sends[1]({ token: 1 });
  await time.settle();
  sends[1]({ token: 2 });
  await time.settle();
  assert.deepEqual(net.session.messages, ['0{"token":1}']);
  assert.equal(s.connected, true);
  s.disconnect();
});

test("sockets of a manager: one for each namespace, reopened when asked for again", async () => {
  const m = new Manager(fresh(), { ...options, autoConnect: true });
  const a = m.socket("a");
  assert.equal(a.nsp, "/a");
  assert.equal(m.socket("/a"), a);
  assert.equal(m.socket("").nsp, "/");
  await time.settle();
  assert.equal(a.connected, true);
  a.disconnect();
  assert.equal(m.socket("/a"), a);
  await time.settle();
  assert.equal(a.connected, true);
  m._close();
});

test("one socket stops reconnecting, the others go on", async () => {
  const url = fresh();
  const [a, b] = [io(url, options), io(url + "/b", options)];
  await time.settle();
  net.session.drop();
  await time.settle();
  a.disconnect();
  await time.pass(5000);
  assert.deepEqual([a.connected, b.connected], [false, true]);
  b.disconnect();
});

test("a namespace that is refused leaves the others alone", async () => {
  net.manners = { accept: false };
  const url = fresh();
  const [a, b] = [io(url, options), io(url + "/b", options)];
  await time.settle();
  net.session.accept("0");
  net.session.send('4/b,{"message":"Invalid namespace"}');
  const [err] = await new Promise<any[]>((resolve) => b.on("connect_error", (...args) => resolve(args)));
  assert.equal(err.message, "Invalid namespace");
  assert.deepEqual([a.connected, b.active], [true, false]);
  a.disconnect();
});

test("packets of every type for a namespace that is not in use are ignored", async () => {
  const s = io(fresh(), options);
  await time.settle();
  net.session.send('0/x,{"sid":"1"}', "1/x,", '2/x,["a"]', "3/x,1[]", '4/x,{"message":"m"}', '2["fine"]');
  await time.settle();
  assert.equal(s.connected, true);
  assert.deepEqual(Object.keys(s.io.nsps), ["/"]);
  s.disconnect();
});

test("the manager tells of pings and packets", async () => {
  const s = io(fresh(), options);
  const seen: any[] = [];
  s.io.on("ping", () => seen.push("ping"));
  s.io.on("packet", (p) => seen.push(p));
  await time.settle();
  net.session.ping();
  net.session.send('2["x"]');
  await time.settle();
  assert.deepEqual(seen.slice(1), ["ping", { type: 2, nsp: "/", data: ["x"] }]);
  s.disconnect();
});

test("another parser takes the place of ours", async () => {
  class Encoder {
    encode(p: any) {
      return ["custom" + JSON.stringify([p.type, p.nsp, p.data])];
    }
  }
  class Decoder {
    fn!: (p: any) => void;
    on(_: string, fn: (p: any) => void) {
      this.fn = fn;
    }
    add(frame: string) {
      const [type, nsp, data] = JSON.parse(frame.slice(6));
      this.fn({ type, nsp, data });
    }
    destroy() {}
  }
  const s = io(fresh(), { ...options, parser: { Encoder, Decoder } as any });
  await time.settle();
  assert.deepEqual(net.session.messages, ['custom[0,"/",null]']);
  net.session.send('custom[0,"/",{"sid":"abc"}]', 'custom[2,"/",["x",1]]');
  const got: any[] = [];
  s.on("x", (v) => got.push(v));
  await time.settle();
  assert.deepEqual([s.id, got], ["abc", [1]]);
  s.disconnect();
});
