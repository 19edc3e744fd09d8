// The bundles as a page, a module loader and a program load them.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";

const file = (name: string) => join(process.env.DIST!, name);

/** What a script may count on in the oldest browser: nothing is touched while loading but this. */
const page = () => ({ setTimeout, clearTimeout, location: { protocol: "http:", host: "page.test" } }) as any;

function api(io: any): void {
  assert.equal(typeof io, "function");
  assert.equal(io.protocol, 5);
  assert.equal(io.connect, io.io);
  const manager = new io.Manager("http://server.test", { autoConnect: false });
  const socket = manager.socket("/chat");
  assert.ok(socket instanceof io.Socket);
  for (const name of ["on", "once", "off", "emit", "emitWithAck", "send", "timeout", "compress", "connect", "disconnect", "onAny", "onAnyOutgoing"]) {
    assert.equal(typeof socket[name], "function", name);
  }
}

for (const name of ["socket.io.js", "socket.io.min.js"]) {
  test(name + " sets the global io", () => {
    const global = page();
    const before = Object.keys(global);
    runInNewContext(readFileSync(file(name), "utf8"), global);
    api(global.io);
    assert.deepEqual(Object.keys(global).filter((k) => !before.includes(k)), ["io"]);
  });

  test(name + " is a CommonJS module and an AMD module", () => {
    api(createRequire(file(name))(file(name)));
    const global = page();
    let made: any;
    global.define = Object.assign((make: () => any) => (made = make()), { amd: {} });
    runInNewContext(readFileSync(file(name), "utf8"), global);
    api(made);
  });
}

test("socket.io.esm.min.js is a module", async () => {
  const dir = mkdtempSync(join(tmpdir(), "esm-"));
  try {
    const copy = join(dir, "client.mjs"); // Node goes by the name
    copyFileSync(file("socket.io.esm.min.js"), copy);
    // By way of a variable, so that the bundler of the tests leaves the import alone.
    const url = pathToFileURL(copy).href;
    const m = await import(url);
    assert.deepEqual(
      Object.keys(m).sort(),
      ["Fetch", "Manager", "NodeWebSocket", "NodeXHR", "OfflineBuffer", "Socket", "WebSocket", "WebTransport", "XHR", "connect", "default",
        "indexedDBStorage", "io", "protocol", "webStorage"],
    );
    api(m.io);
    assert.equal(m.default, m.io);
    assert.equal(m.connect, m.io.connect);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test("the maps hold the sources", () => {
  for (const name of ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js"]) {
    const map = JSON.parse(readFileSync(file(name + ".map"), "utf8"));
    assert.equal(map.version, 3);
    assert.ok(map.sources.includes("../src/io.ts"), name);
    for (const source of map.sources) assert.match(source, /^\.\.\/src\//);
    assert.equal(map.sourcesContent.length, map.sources.length);
  }
});
