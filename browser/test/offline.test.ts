// Events that wait for a connection: how long, and beyond the life of a page.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { OfflineBuffer } from "../src/offline/buffer";
import { OfflineStorage, StoredEvent, webStorage } from "../src/offline/storage";
import { net, socket, time } from "./world";

beforeEach(() => {
  net.manners = {};
});

/** A storage in memory. */
class Memory implements OfflineStorage {
  events = new Map<string, StoredEvent>();
  broken = false;

  async load(): Promise<StoredEvent[]> {
    if (this.broken) throw new Error("no storage");
    return structuredClone([...this.events.values()]);
  }
  async put(e: StoredEvent): Promise<void> {
    if (this.broken) throw new Error("no storage");
    this.events.set(e.id, structuredClone(e));
  }
  async remove(id: string): Promise<void> {
    if (this.broken) throw new Error("no storage");
    this.events.delete(id);
  }
  get names(): string[] {
    return [...this.events.values()].map((e) => e.data[0]);
  }
}

const texts = () => net.session.messages.filter((m) => typeof m === "string" && m[0] === "2");

test("bufferTTL: what waited too long is dropped, and who waits for its answer is told", async () => {
  const s = socket({ autoConnect: false, bufferTTL: 1000 });
  const got: any[] = [];
  s.timeout(60_000).emit("old", (err: Error) => got.push(err.message));
  await time.pass(600);
  s.emit("new");
  await time.pass(500);
  assert.deepEqual([got, s.sendBuffer.map((p) => p.data[0])], [["the event has expired"], ["new"]]);
  s.connect();
  await time.settle();
  assert.deepEqual(texts(), ['2["new"]']);
  s.disconnect();
  await time.pass(5000);
  assert.equal(time.pending, 0);
});

test("what waits is stored, and forgotten once it is sent", async () => {
  const storage = new Memory();
  const offline = new OfflineBuffer(storage);
  const s = socket({ autoConnect: false, offline });
  s.emit("a", new Uint8Array([1, 2])).emit("b");
  s.volatile.emit("v");
  await offline.settled();
  assert.deepEqual(storage.names, ["a", "b"]);
  s.connect();
  await time.settle();
  await offline.settled();
  assert.deepEqual(storage.names, []);
  s.emit("c");
  await offline.settled();
  assert.deepEqual(storage.names, []);
  s.disconnect();
});

test("the next page sends what the one before it left, in order, to the same namespace", async () => {
  const storage = new Memory();
  const before = socket({ autoConnect: false, offline: new OfflineBuffer(storage) });
  const other = socket({ autoConnect: false, offline: new OfflineBuffer(storage) }, "http://server.test/other");
  for (let i = 0; i < 40; i++) before.emit("n", i);
  before.emit("bytes", new Uint8Array([7]));
  other.emit("elsewhere");
  await time.settle();
  assert.equal(storage.events.size, 42);

  const offline = new OfflineBuffer(storage);
  const after = socket({ offline });
  await time.settle();
  await offline.settled();
  assert.deepEqual(texts().slice(0, 40), Array.from({ length: 40 }, (_, i) => `2["n",${i}]`));
  assert.deepEqual(net.session.messages.slice(-2), ['51-["bytes",{"_placeholder":true,"num":0}]', new Uint8Array([7])]);
  assert.deepEqual(storage.names, ["elsewhere"]);
  after.disconnect();
});

test("a page without a network keeps what it took over; what has expired is forgotten", async () => {
  const storage = new Memory();
  const first = socket({ autoConnect: false, offline: new OfflineBuffer(storage), bufferTTL: 60_000 });
  first.emit("old");
  await time.pass(30_000);
  first.emit("new");
  await time.settle();
  time.sleep(40_000);
  const offline = new OfflineBuffer(storage);
  const next = socket({ autoConnect: false, offline, bufferTTL: 60_000 });
  await time.settle();
  await offline.settled();
  assert.deepEqual([storage.names, next.sendBuffer.length], [["new"], 1]);
  await time.pass(61_000);
  await offline.settled();
  assert.deepEqual([storage.names, next.sendBuffer.length], [[], 0]);
});

test("with retries an event is stored until it is answered", async () => {
  const storage = new Memory();
  const offline = new OfflineBuffer(storage);
  const s = socket({ offline, retries: 2, ackTimeout: 1000 });
  await time.settle();
  s.emit("sure");
  await time.pass(1500); // tried twice
  assert.deepEqual([texts().length, storage.names], [2, ["sure"]]);
  net.session.send("30[]");
  await time.settle();
  await offline.settled();
  assert.deepEqual(storage.names, []);
  s.disconnect();
});

test("the bound of the buffer is that of the storage", async () => {
  const storage = new Memory();
  const offline = new OfflineBuffer(storage);
  const s = socket({ autoConnect: false, offline, maxBuffered: 2 });
  for (const name of ["a", "b", "c"]) s.emit(name);
  await offline.settled();
  assert.deepEqual(storage.names, ["b", "c"]);
  const t = socket({ autoConnect: false, offline: new OfflineBuffer(new Memory()) });
  for (let i = 0; i < 1500; i++) t.emit("x");
  assert.equal(t.sendBuffer.length, 1000);
  await time.pass(90_000_000);
  assert.deepEqual([s.sendBuffer.length, t.sendBuffer.length], [0, 0]);
});

test("a storage that fails costs nothing but the next page's share", async () => {
  const storage = new Memory();
  storage.broken = true;
  const failed: string[] = [];
  const offline = new OfflineBuffer(storage, (err: any) => failed.push(err.message));
  const s = socket({ autoConnect: false, offline });
  s.emit("a");
  await offline.settled();
  s.connect();
  await time.settle();
  assert.deepEqual(texts(), ['2["a"]']);
  assert.ok(failed.length > 0);
  s.disconnect();
});

test("web storage: there and back, sorted; bytes and what is not ours are refused", async () => {
  const items = new Map<string, string>([["other", "x"]]);
  const area: any = {
    get length() {
      return items.size;
    },
    key: (i: number) => [...items.keys()][i],
    getItem: (k: string) => items.get(k) ?? null,
    setItem: (k: string, v: string) => items.set(k, v),
    removeItem: (k: string) => items.delete(k),
  };
  const storage = webStorage(area, "p:");
  const event = (id: string, ...data: any[]) => ({ id, owner: "o", nsp: "/", data, until: 5 });
  await storage.put(event("2", "b"));
  await storage.put(event("1", "a", { x: 1 }));
  items.set("p:0", "{");
  assert.deepEqual(await storage.load(), [event("1", "a", { x: 1 }), event("2", "b")]);
  await assert.rejects(storage.put(event("3", "c", [new Uint8Array(1)])), /no bytes/);
  await storage.remove("1");
  assert.deepEqual([...items.keys()], ["other", "p:2"]);
});
