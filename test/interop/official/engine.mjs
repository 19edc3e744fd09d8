// The titles of engine.io-client/test: connection.js, socket.js, transport.js, engine.io-client.js and node.js.

import assert from "node:assert/strict";

const greeting = "hi"; // which the support server sends first

export default ({ test, Engine, Fetch, WebSocket, node }) => {
  // echoes gives the next n messages after the greeting.
  async function echoes(t, e, n) {
    const got = [];
    e.on("message", (data) => data !== greeting && got.push(data));
    await t.until(e, "message", () => got.length === n);
    return got;
  }

  const opened = async (t, options) => {
    const e = t.engine(options);
    await t.once(e, "open");
    return e;
  };

  for (const [title, transports] of [
    ["should connect to localhost", ["polling", "websocket"]],
    ["should connect to localhost (ws)", ["websocket"]],
  ]) {
    test("connection: " + title, async (t) => {
      assert.deepEqual(await t.once(t.engine({ transports }), "message"), [greeting]);
    });
  }

  for (const [title, text] of [
    ["should receive multibyte utf-8 strings with polling", "cash money €€€"],
    ["should receive emoji", "\u{10000}-\u{EDFFF}\u{F0000}-\u{10FFFF}\uE000-\uF8FF"],
  ]) {
    test("connection: " + title, async (t) => {
      const e = await opened(t);
      e.send(text);
      assert.deepEqual(await echoes(t, e, 1), [text]);
    });
  }

  test("connection: should not send packets if socket closes", async (t) => {
    const e = await opened(t);
    t.forbid(e, "packetCreate");
    e.close();
    e.send("hi");
    await t.later(100);
  });

  test("connection: should merge packets according to maxPayload value", async (t) => {
    const e = await opened(t, { transports: ["polling"] });
    // Those in the middle fill one request to the last byte: 3 types, 2 separators, 30 + 30 + 35.
    const texts = ["a".repeat(99), "b".repeat(30), "c".repeat(30), "d".repeat(35), "€".repeat(33), "f".repeat(99)];
    let [flushes, pongs] = [0, 0];
    e.on("flush", () => flushes++);
    e.on("packetCreate", ({ type }) => (pongs += type === "pong"));
    for (const text of texts) e.send(text);
    assert.deepEqual(await echoes(t, e, texts.length), texts);
    assert.ok(flushes >= 4 && flushes <= 4 + pongs, `${flushes} requests, ${pongs} pongs`);
  });

  test("connection: should send a packet whose length is above the maxPayload value anyway", async (t) => {
    const e = await opened(t, { transports: ["polling"] });
    e.send("a".repeat(101));
    e.send("b");
    const [reason] = await t.once(e, "close");
    assert.equal(reason, "transport error");
  });

  test(
    "connection: should work in a worker",
    async () => {
      const worker = new Worker("/official/worker.mjs", { type: "module" });
      const got = [];
      await new Promise((done, fail) => {
        worker.onerror = (e) => fail(new Error(e.message));
        worker.onmessage = ({ data }) => got.push(data) === 21 && done();
      });
      worker.terminate();
      assert.equal(got[0], greeting);
      assert.ok(got.slice(1, 11).every((text) => text === "пойду спать всем спокойной ночи"));
      for (const bytes of got.slice(11)) assert.deepEqual([...new Uint8Array(bytes)], [0, 1, 2, 3, 4]);
    },
    { node: false },
  );

  test("connection: should defer close when upgrading", async (t) => {
    const e = await opened(t);
    let upgraded = false;
    e.on("upgrade", () => (upgraded = true));
    e.on("upgrading", () => e.close());
    await t.once(e, "close");
    assert.equal(upgraded, true);
  });

  test("connection: should close on upgradeError if closing is deferred", async (t) => {
    const e = await opened(t);
    let failed = false;
    e.on("upgradeError", () => (failed = true));
    e.on("upgrading", (candidate) => {
      e.close();
      queueMicrotask(() => candidate.ws.onerror({ type: "error" })); // before the poll under way can end
    });
    await t.once(e, "close");
    assert.equal(failed, true);
  });

  test("connection: should not send packets if closing is deferred", async (t) => {
    const e = await opened(t);
    e.on("upgrading", () => {
      t.forbid(e, "packetCreate");
      e.close();
      e.send("hi");
    });
    await t.once(e, "close");
  });

  test("connection: should send all buffered packets if closing is deferred", async (t) => {
    const e = await opened(t);
    const closed = new Promise((done) => e.on("close", () => done(e.writeBuffer.length)));
    e.on("upgrading", () => {
      e.send("hi");
      e.close();
    });
    assert.equal(await closed, 0);
  });

  test(
    "connection: should close the socket when receiving a beforeunload event",
    async (t) => {
      const e = await opened(t, { closeOnBeforeunload: true, upgrade: false });
      await t.once(e, "message");
      dispatchEvent(new Event("beforeunload"));
      t.forbid(e, "message");
      e.send("ignored"); // and nothing is thrown
      await t.later(100);
    },
    { node: false },
  );

  // engine.io-client.js: without a transport there is no connection, and what is left is the address.
  const at = (url, options) => {
    const { hostname, port, secure } = new Engine(url, { transports: [], ...options });
    return [hostname, port, secure];
  };
  const [pageSecure, pagePort] = !node && location.protocol === "https:" ? [true, "443"] : [false, "80"];

  for (const [title, url, options, ...want] of [
    ["should properly parse http uri without port", "http://localhost", {}, "localhost", "80", false],
    ["should properly parse https uri without port", "https://localhost", {}, "localhost", "443", true],
    ["should properly parse wss uri without port", "wss://localhost", {}, "localhost", "443", true],
    ["should properly parse wss uri with port", "wss://localhost:2020", {}, "localhost", "2020", true],
    ["should properly parse a host without port", undefined, { host: "localhost" }, "localhost", pagePort, pageSecure],
    ["should properly parse a host with port", undefined, { host: "localhost", port: "8080" }, "localhost", "8080", pageSecure],
    ["should properly parse an IPv6 uri without port", "http://[::1]", {}, "::1", "80", false],
    ["should properly parse an IPv6 uri with port", "http://[::1]:8080", {}, "::1", "8080", false],
    ["should properly parse an IPv6 host without port (1/2)", undefined, { host: "[::1]" }, "::1", pagePort, pageSecure],
    ["should properly parse an IPv6 host without port (2/2)", undefined, { secure: true, host: "[::1]" }, "::1", "443", true],
    ["should properly parse an IPv6 host with port", undefined, { host: "[::1]", port: "8080" }, "::1", "8080", pageSecure],
    ["should properly parse an IPv6 host without brace", undefined, { host: "::1" }, "::1", pagePort, pageSecure],
  ]) {
    test("engine.io-client: " + title, async () => assert.deepEqual(at(url, options), want));
  }

  // transport.js: the URL of the first request, which is not made.
  function first(url, options) {
    let seen;
    const fake = function (to) {
      seen = new URL(to).href; // without a port that the scheme means anyway
      return new Promise(() => {});
    };
    const { fetch, WebSocket } = globalThis;
    globalThis.fetch = globalThis.WebSocket = fake;
    try {
      new Engine(url, { timestampRequests: false, reconnection: false, ...options });
    } finally {
      Object.assign(globalThis, { fetch, WebSocket });
    }
    return seen;
  }
  const [polling, websocket] = [{ transports: ["polling"] }, { transports: ["websocket"] }];

  for (const [title, url, options, want] of [
    ["should generate an http uri", "http://localhost", { ...polling, query: { sid: "test" } }, "http://localhost/engine.io/?sid=test&EIO=4&transport=polling"],
    ["should generate an http uri w/o a port", "http://localhost:80", polling, "http://localhost/engine.io/?EIO=4&transport=polling"],
    ["should generate an http uri with a port", "http://localhost:3000", polling, "http://localhost:3000/engine.io/?EIO=4&transport=polling"],
    ["should generate an https uri w/o a port", "https://localhost:443", polling, "https://localhost/engine.io/?EIO=4&transport=polling"],
    ["should generate an https uri w/o a port (string)", undefined, { ...polling, hostname: "localhost", secure: true, port: "443" }, "https://localhost/engine.io/?EIO=4&transport=polling"],
    ["should generate an https uri with a port", "https://localhost:8443", polling, "https://localhost:8443/engine.io/?EIO=4&transport=polling"],
    ["should generate a timestamped uri", "http://localhost", { ...polling, timestampRequests: true, timestampParam: "stamp" }, /^http:\/\/localhost\/engine\.io\/\?EIO=4&transport=polling&stamp=[0-9a-z]+$/],
    ["should generate an ipv6 uri", "http://[::1]", polling, "http://[::1]/engine.io/?EIO=4&transport=polling"],
    ["should generate an ipv6 uri with port", "http://[::1]:8080", polling, "http://[::1]:8080/engine.io/?EIO=4&transport=polling"],
    ["should generate a ws uri", "http://test", websocket, "ws://test/engine.io/?EIO=4&transport=websocket"],
    ["should generate a wss uri", "https://test", websocket, "wss://test/engine.io/?EIO=4&transport=websocket"],
    ["should timestamp ws uris", "http://localhost", { ...websocket, timestampRequests: true, timestampParam: "woot" }, /^ws:\/\/localhost\/engine\.io\/\?EIO=4&transport=websocket&woot=[0-9a-z]+$/],
    ["should generate a ws ipv6 uri", "http://[::1]", websocket, "ws://[::1]/engine.io/?EIO=4&transport=websocket"],
    ["should generate a ws ipv6 uri with port", "http://[::1]:8080", websocket, "ws://[::1]:8080/engine.io/?EIO=4&transport=websocket"],
    ["should properly handle the addTrailingSlash option", "http://localhost", { ...polling, addTrailingSlash: false }, "http://localhost/engine.io?EIO=4&transport=polling"],
  ]) {
    test("transport uris: " + title, async () => {
      const got = first(url, options);
      if (want instanceof RegExp) assert.match(got, want);
      else assert.equal(got, want);
    });
  }

  for (const [title, rememberUpgrade] of [
    ["should remember websocket connection", true],
    ["should not remember websocket connection", false],
  ]) {
    test("rememberUpgrade: " + title, async (t) => {
      const e = t.engine();
      assert.equal(e.transport.name, "polling");
      const next = await new Promise((done) =>
        e.on("upgrade", ({ name }) => {
          assert.equal(name, "websocket");
          done(t.engine({ rememberUpgrade }).transport.name);
        }),
      );
      assert.equal(next, rememberUpgrade ? "websocket" : "polling");
    });
  }

  test("public constructors: should include Polling and WebSocket", async () => {
    assert.deepEqual([typeof Fetch, typeof WebSocket], ["function", "function"]);
  });

  const headers = { "X-Custom-Header-For-My-Project": "my-secret-access-token" };
  const received = async (options, t) => (await t.io("", options).emitWithAck("getHandshake")).headers;

  test(
    "for extraHeaders: should correctly set them for WebSockets",
    async (t) => {
      const got = await received({ transports: ["websocket"], extraHeaders: headers }, t);
      assert.equal(got["x-custom-header-for-my-project"], "my-secret-access-token");
    },
    { page: false },
  );

  test("for extraHeaders: should correctly set them for XMLHttpRequest", async (t) => {
    const got = await received({ transports: ["polling"], extraHeaders: headers }, t);
    assert.equal(got["x-custom-header-for-my-project"], "my-secret-access-token");
  });

  test("options: should accept an extraHeaders option for XMLHttpRequest in browser", async (t) => {
    const got = await received({ transportOptions: { polling: { extraHeaders: headers } } }, t);
    assert.equal(got["x-custom-header-for-my-project"], "my-secret-access-token");
  });

  // socket.js
  test("filterUpgrades: should return only available transports", async (t) => {
    const e = t.engine({ transports: ["polling"] });
    t.forbid(e, "upgrading");
    const [{ upgrades }] = await t.once(e, "handshake");
    assert.deepEqual(upgrades, ["websocket"]);
    await t.later(100);
    assert.equal(e.transport.name, "polling");
  });

  test("Socket: should not mutate the caller's transports option", async (t) => {
    const options = { transports: ["websocket", "polling"] };
    t.engine(options);
    assert.deepEqual(options, { transports: ["websocket", "polling"] });
  });

  test("Socket: throws an error when no transports are available", async (t) => {
    const [err] = await t.once(t.engine({ transports: [] }), "error");
    assert.equal(err.message ?? err, "No transports available");
  });

  const denied = { query: { deny: 1 } };
  for (const [title, transports] of [
    ["should connect with the 2nd transport if tryAllTransports is true (polling)", ["websocket", "polling"]],
    ["should connect with the 2nd transport if tryAllTransports is true (websocket)", ["polling", "websocket"]],
  ]) {
    test("Socket: " + title, async (t) => {
      const e = await opened(t, { transports, tryAllTransports: true, transportOptions: { [transports[0]]: denied } });
      assert.equal(e.transport.name, transports[1]);
    });
  }

  test("Socket: should not connect with the 2nd transport if tryAllTransports is false", async (t) => {
    const e = t.engine({ transports: ["polling", "websocket"], transportOptions: { polling: denied } });
    t.forbid(e, "open");
    const [err] = await t.once(e, "error");
    assert.equal(err.message, "xhr poll error");
  });

  for (const [title, transport, name] of [
    ["should connect with a custom transport implementation (polling)", Fetch, "polling"],
    ["should connect with a custom transport implementation (websocket)", WebSocket, "websocket"],
  ]) {
    test("Socket: " + title, async (t) => {
      const e = await opened(t, { transports: [transport] });
      assert.equal(e.transport.name, name);
    });
  }

  // An engine that fails: its error, if it has one, and the arguments of its close.
  async function failure(t, options, say) {
    const e = t.engine(options);
    let error;
    e.on("error", (err) => (error = err));
    if (say) e.on("open", () => e.send(say));
    const [reason, details] = await t.once(e, "close");
    return { error, reason, details };
  }

  test("close: provides details when maxHttpBufferSize is reached (polling)", async (t) => {
    const { error, reason, details } = await failure(t, { transports: ["polling"] }, "a".repeat(101));
    assert.ok(error instanceof Error);
    assert.deepEqual([error.type, error.message, error.description], ["TransportError", "xhr post error", 413]);
    assert.equal(reason, "transport error");
    assert.equal(details, error);
  });

  test("close: provides details when maxHttpBufferSize is reached (websocket)", async (t) => {
    const { reason, details } = await failure(t, { transports: ["websocket"] }, "a".repeat(101));
    assert.equal(reason, "transport close");
    assert.equal(details.description, "websocket connection closed");
    assert.deepEqual([details.context.code, details.context.reason], [1009, ""]);
  });

  test("close: provides details when the session ID is unknown (polling)", async (t) => {
    const { error, reason, details } = await failure(t, { transports: ["polling"], query: { sid: "abc" } });
    assert.ok(error instanceof Error);
    assert.deepEqual([error.type, error.message, error.description], ["TransportError", "xhr poll error", 400]);
    assert.equal(await error.context.text(), '{"code":1,"message":"Session ID unknown"}');
    assert.equal(reason, "transport error");
    assert.equal(details, error);
  });

  test("close: provides details when the session ID is unknown (websocket)", async (t) => {
    const { error, reason, details } = await failure(t, { transports: ["websocket"], query: { sid: "abc" } });
    assert.ok(error instanceof Error);
    assert.deepEqual([error.type, error.message, error.description.type], ["TransportError", "websocket error", "error"]);
    assert.equal(reason, "transport error");
    assert.equal(details, error);
  });

  // node.js
  const kept = async (t, options, transports) => {
    const e = await opened(t, { transports, ...options });
    e.send("sendHeaders");
    return JSON.parse((await echoes(t, e, 1))[0]).cookie;
  };

  test("node.js: should send cookies with withCredentials: true", async (t) => {
    assert.equal(await kept(t, { withCredentials: true }, ["polling"]), "1=1; 2=2");
  }, { page: false });

  test("node.js: should not send cookies with withCredentials: false", async (t) => {
    assert.equal(await kept(t, { withCredentials: false }, ["polling"]), undefined);
  }, { page: false });

  // What package ws is told, and what becomes of it.
  test("transport: should accept an agent option for WebSockets", async (t) => {
    const { Agent } = await import("node:http");
    const requests = [];
    class Noting extends Agent {
      addRequest(request, ...more) {
        requests.push(request.getHeader("upgrade"));
        return super.addRequest(request, ...more);
      }
    }
    const e = await opened(t, { transports: ["websocket"], agent: new Noting() });
    assert.deepEqual([requests, e.transport.name], [["websocket"], "websocket"]);
  }, { page: false });

  test("perMessageDeflate: should set threshold", async (t) => {
    const { WebSocket: Package } = await import("ws");
    let told;
    class Noting extends Package {
      constructor(url, protocols, options) {
        super(url, protocols, options);
        told = options.perMessageDeflate;
      }
    }
    await opened(t, { transports: ["websocket"], perMessageDeflate: { threshold: 0 }, WebSocket: Noting });
    assert.deepEqual(told, { threshold: 0 });
  }, { page: false });
};
