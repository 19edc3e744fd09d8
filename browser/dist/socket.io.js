/*! Socket.IO client for browsers, of github.com/socketio-go/socketio, MIT license */
"use strict";
var io = (() => {
  var __defProp = Object.defineProperty;
  var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
  var __getOwnPropNames = Object.getOwnPropertyNames;
  var __hasOwnProp = Object.prototype.hasOwnProperty;
  var __export = (target2, all) => {
    for (var name in all)
      __defProp(target2, name, { get: all[name], enumerable: true });
  };
  var __copyProps = (to, from, except, desc) => {
    if (from && typeof from === "object" || typeof from === "function") {
      for (let key of __getOwnPropNames(from))
        if (!__hasOwnProp.call(to, key) && key !== except)
          __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
    }
    return to;
  };
  var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

  // src/index.ts
  var index_exports = {};
  __export(index_exports, {
    Manager: () => Manager,
    Polling: () => Polling,
    Socket: () => Socket,
    WebSocketTransport: () => WebSocketTransport,
    connect: () => lookup,
    default: () => index_default,
    io: () => io,
    protocol: () => protocol
  });

  // src/engineio/packet.ts
  var types = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];
  var separator = "";
  function encodeText(p) {
    return types.indexOf(p.type) + (p.data || "");
  }
  function decodeText(text) {
    if (text[0] === "b") return { type: "message", data: fromBase64(text.slice(1)) };
    const type = types[text.charCodeAt(0) - 48];
    if (!type) throw new Error("not an Engine.IO packet");
    return { type, data: text.length > 1 ? text.slice(1) : void 0 };
  }
  async function encodeRecord(p) {
    return isText(p.data) ? encodeText(p) : "b" + toBase64(await bytes(p.data));
  }
  async function encodePayload(packets) {
    return (await Promise.all(packets.map(encodeRecord))).join(separator);
  }
  function decodePayload(body, each) {
    for (let from = 0, to; to !== body.length; from = to + 1) {
      to = body.indexOf(separator, from);
      if (to < 0) to = body.length;
      each(decodeText(body.slice(from, to)));
    }
  }
  function recordSize(p) {
    if (!isText(p.data)) return 1 + Math.ceil((p.data.size ?? p.data.byteLength) / 3) * 4;
    return 1 + new TextEncoder().encode(p.data).length;
  }
  function isText(data) {
    return data === void 0 || typeof data === "string";
  }
  async function bytes(data) {
    if (data instanceof ArrayBuffer) return new Uint8Array(data);
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return new Uint8Array(await new Response(data).arrayBuffer());
  }
  function toBase64(data) {
    let text = "";
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return btoa(text);
  }
  function fromBase64(text) {
    const raw = atob(text);
    if (btoa(raw) !== text) throw new Error("illegal base64");
    const data = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) data[i] = raw.charCodeAt(i);
    return data.buffer;
  }

  // src/url.ts
  var maxLength = 8e3;
  var parts = /^(?:([a-z]+):)?\/\/(?:[^@\/?#]*@)?(?:\[([^\]]*)\]|([^:\/?#]*))(?::(\d*))?([^?#]*)(?:\?([^#]*))?/i;
  function target(url, path = "", page = globalThis.location) {
    const scheme = page && /^http/.test(page.protocol) ? page.protocol : "https:";
    if (url === void 0 || url === null || url === "") url = "//" + (page ? page.host : "localhost");
    url = String(url);
    if (url.length > maxLength) throw new Error("URI too long");
    if (/^\/(?!\/)/.test(url)) url = "//" + (page ? page.host : "localhost") + url;
    else if (!/^([a-z]+:)?\/\//i.test(url)) url = "//" + url;
    const m = parts.exec(url);
    const protocol2 = (m[1] || scheme.slice(0, -1)).toLowerCase();
    const host = m[2] || m[3] || "localhost";
    const port = m[4] || (isSecure(protocol2) ? "443" : "80");
    const href = protocol2 + "://" + authority(host, port);
    return {
      protocol: protocol2,
      host,
      port,
      path: m[5] || "/",
      query: m[6] ? parseQuery(m[6]) : void 0,
      href,
      id: href + path
    };
  }
  function isSecure(protocol2) {
    return protocol2 === "https" || protocol2 === "wss";
  }
  function authority(host, port) {
    return (host.includes(":") ? "[" + host + "]" : host) + ":" + port;
  }
  function parseQuery(text) {
    const query = /* @__PURE__ */ Object.create(null);
    for (const pair of text.replace(/^\?/, "").split("&")) {
      const at = pair.indexOf("=");
      if (pair) query[unescape(at < 0 ? pair : pair.slice(0, at))] = at < 0 ? "" : unescape(pair.slice(at + 1));
    }
    return query;
  }
  function formatQuery(query) {
    return Object.keys(query).map((key) => encodeURIComponent(key) + "=" + encodeURIComponent(query[key])).join("&");
  }
  function unescape(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  // src/engineio/transport.ts
  var TransportError = class extends Error {
    /** description: the HTTP status or the cause; context: the response or the event of the browser. */
    constructor(message, description, context) {
      super(message);
      this.description = description;
      this.context = context;
      this.type = "TransportError";
    }
  };
  var Transport = class {
    constructor(options, sink) {
      this.options = options;
      this.sink = sink;
      /** Whether send may be called. */
      this.writable = false;
    }
    /** Nothing waits below this transport to be sent. */
    get idle() {
      return this.writable;
    }
    url(scheme, stamp) {
      const o = this.options;
      const query = { ...o.query, EIO: 4, transport: this.name };
      if (this.sid) query.sid = this.sid;
      if (o.forceBase64) query.b64 = 1;
      if (stamp) query[o.timestampParam || "t"] = Math.random().toString(36).slice(2, 10);
      const s = o.secure ? "s" : "";
      const port = o.port === (s ? "443" : "80") ? "" : o.port;
      const host = authority(o.hostname, port).replace(/:$/, "");
      return scheme + s + "://" + host + o.path + "?" + formatQuery(query);
    }
  };
  var nobody = {
    opened() {
    },
    packet() {
    },
    drained() {
    },
    closed() {
    }
  };

  // src/engineio/polling.ts
  var maxHandshake = 64 << 10;
  var maxResponse = 64 << 20;
  var handshakeGrace = 5e3;
  var _Polling = class _Polling extends Transport {
    constructor() {
      super(...arguments);
      this.name = _Polling.kind;
      this.abort = new AbortController();
      this.polling = false;
      this.closed = false;
      /** The server has ended the session: there is nobody to say goodbye to. */
      this.over = false;
    }
    open() {
      void this.poll();
    }
    send(packets) {
      this.writable = false;
      void this.post(packets);
    }
    /** Begins no more polls and calls done when the requests under way have ended. */
    pause(done) {
      this.paused = done;
      this.settle();
    }
    /** Takes a pause back. */
    resume() {
      this.paused = void 0;
      if (!this.polling) void this.poll();
    }
    close() {
      if (this.closed) return;
      this.closed = true;
      this.sink = nobody;
      this.writable = false;
      if (this.sid) this.sayGoodbye();
      else if (this.polling) setTimeout(() => this.abort.abort(), handshakeGrace);
    }
    async poll() {
      this.polling = true;
      try {
        const body = await this.request("GET");
        this.polling = false;
        decodePayload(body, (p) => this.received(p));
      } catch (err) {
        this.polling = false;
        this.fail(err, "xhr poll error");
        return;
      }
      if (this.closed) return;
      if (this.paused) this.settle();
      else void this.poll();
    }
    received(p) {
      if (p.type === "close") this.over = true;
      if (p.type === "open" && !this.sid) {
        this.sid = sidOf(p);
        this.writable = !this.closed;
        if (this.closed && this.sid) this.sayGoodbye();
      }
      this.sink.packet(p);
    }
    async post(packets) {
      try {
        await this.request("POST", await encodePayload(packets));
      } catch (err) {
        this.fail(err, "xhr post error");
        return;
      }
      if (this.closed) return;
      this.writable = true;
      this.sink.drained();
      this.settle();
    }
    sayGoodbye() {
      this.abort.abort();
      if (this.over) return;
      this.abort = new AbortController();
      this.request("POST", "1", true).catch(() => {
      });
    }
    settle() {
      const done = this.paused;
      if (!done || this.polling || !this.writable) return;
      this.paused = () => {
      };
      done();
    }
    fail(err, message) {
      if (err instanceof HTTPError) {
        const { status } = err.response;
        this.over = status === 400;
        this.report(new TransportError(message, status, err.response));
      } else if (err instanceof RequestError) {
        this.report(new TransportError(message, err.cause));
      } else {
        this.report(new TransportError("server error", err));
      }
    }
    report(why) {
      this.writable = false;
      this.sink.closed(why);
    }
    async request(method, body, keepalive) {
      const o = this.options;
      const abort = this.abort;
      const timer = o.requestTimeout ? setTimeout(() => abort.abort(), o.requestTimeout) : 0;
      try {
        const response = await fetch(this.url("http", o.timestampRequests !== false), {
          method,
          body,
          keepalive,
          signal: abort.signal,
          cache: "no-store",
          // As a form would do it: cookies go to the own origin, and to another one only when asked for.
          credentials: o.withCredentials ? "include" : "same-origin",
          headers: { ...body ? { "Content-Type": "text/plain;charset=UTF-8" } : {}, ...o.extraHeaders }
        }).catch((cause) => {
          throw new RequestError(cause);
        });
        if (!response.ok) throw new HTTPError(response);
        return await readText(response, this.sid ? o.maxResponse || maxResponse : maxHandshake);
      } finally {
        clearTimeout(timer);
      }
    }
  };
  _Polling.kind = "polling";
  var Polling = _Polling;
  var RequestError = class extends Error {
    constructor(cause) {
      super();
      this.cause = cause;
    }
  };
  var HTTPError = class extends Error {
    constructor(response) {
      super();
      this.response = response;
    }
  };
  async function readText(response, limit) {
    if (!response.body) return response.text();
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let size = 0; ; ) {
      const { done, value } = await reader.read().catch((cause) => {
        throw new RequestError(cause);
      });
      if (done) return text + decoder.decode();
      size += value.length;
      if (size > limit) {
        void reader.cancel();
        throw new Error("response too large");
      }
      text += decoder.decode(value, { stream: true });
    }
  }
  function sidOf(p) {
    try {
      return JSON.parse(p.data).sid;
    } catch {
      return void 0;
    }
  }

  // src/engineio/websocket.ts
  var _WebSocketTransport = class _WebSocketTransport extends Transport {
    constructor() {
      super(...arguments);
      this.name = _WebSocketTransport.kind;
    }
    open() {
      const o = this.options;
      let ws;
      try {
        ws = this.ws = new WebSocket(this.url("ws", o.timestampRequests), o.protocols || []);
      } catch (err) {
        queueMicrotask(() => this.sink.closed(new TransportError("websocket error", err)));
        return;
      }
      ws.binaryType = "arraybuffer";
      ws.onopen = () => {
        this.writable = true;
        this.sink.opened();
      };
      ws.onmessage = (e) => {
        let p;
        try {
          p = typeof e.data === "string" ? decodeText(e.data) : { type: "message", data: e.data };
        } catch (err) {
          this.sink.closed(new TransportError("server error", err));
          return;
        }
        this.sink.packet(p);
      };
      ws.onerror = (e) => this.sink.closed(new TransportError("websocket error", void 0, e));
      ws.onclose = (e) => this.sink.closed({ description: "websocket connection closed", context: e });
    }
    send(packets) {
      this.writable = false;
      if (this.options.forceBase64) void this.sendRecords(packets);
      else {
        for (const p of packets) this.sendFrame(isText(p.data) ? encodeText(p) : p.data);
        queueMicrotask(() => this.drained());
      }
    }
    get idle() {
      return this.writable && !this.ws.bufferedAmount;
    }
    close() {
      this.sink = nobody;
      this.writable = false;
      this.ws?.close();
    }
    async sendRecords(packets) {
      for (const p of packets) this.sendFrame(await encodeRecord(p));
      this.drained();
    }
    sendFrame(frame) {
      try {
        this.ws.send(frame);
      } catch (err) {
        this.sink.closed(new TransportError("websocket error", err));
      }
    }
    drained() {
      this.writable = this.ws.readyState === 1;
      if (this.writable) this.sink.drained();
    }
  };
  _WebSocketTransport.kind = "websocket";
  var WebSocketTransport = _WebSocketTransport;

  // src/backoff.ts
  var Backoff = class {
    constructor(o, random = Math.random) {
      this.random = random;
      this.attempts = 0;
      this.min = o.min || 1e3;
      this.max = o.max || 5e3;
      this.jitter = o.jitter > 0 && o.jitter <= 1 ? o.jitter : 0;
    }
    /** The delay before the next attempt in whole ms; counts the attempt. */
    duration() {
      let ms = Math.min(this.min * 2 ** this.attempts++, Number.MAX_SAFE_INTEGER);
      if (this.jitter) {
        const r = this.random();
        const deviation = Math.floor(r * this.jitter * ms);
        ms += Math.floor(r * 10) & 1 ? deviation : -deviation;
      }
      return Math.trunc(Math.min(ms, this.max));
    }
    reset() {
      this.attempts = 0;
    }
  };

  // src/clock.ts
  var current = {
    setTimeout: (fn, ms) => setTimeout(fn, ms),
    clearTimeout: (timer) => clearTimeout(timer)
  };
  var native = {
    setTimeout: globalThis.setTimeout.bind(globalThis),
    clearTimeout: globalThis.clearTimeout.bind(globalThis)
  };
  function clock(useNative) {
    return useNative ? native : current;
  }

  // src/emitter.ts
  var Emitter = class {
    constructor() {
      this.entries = /* @__PURE__ */ new Map();
    }
    on(event, fn) {
      return this.insert(event, { fn, once: false });
    }
    once(event, fn) {
      return this.insert(event, { fn, once: true });
    }
    /** Removes one listener, all listeners of an event, or all. */
    off(event, fn) {
      if (event === void 0) {
        this.entries.clear();
      } else {
        this.remove(event, fn ? this.entries.get(event)?.find((e) => e.fn === fn) : void 0, !fn);
      }
      return this;
    }
    listeners(event) {
      return (this.entries.get(event) || []).map((e) => e.fn);
    }
    hasListeners(event) {
      return this.entries.has(event);
    }
    /** Calls the listeners of an event on the spot; what they throw reaches the caller. */
    emit(event, ...args) {
      this.visit(event, (fn) => fn.apply(this, args));
      return this;
    }
    /**
     * Calls the listeners of an event that the library itself raises. What a listener throws is caught and handed to
     * failed(): a mistake in one listener stops neither the others nor the connection. Reports whether there was one.
     */
    fire(event, ...args) {
      return this.visit(event, (fn) => this.guard(fn, args));
    }
    /** Calls one user function with the same protection as fire. */
    guard(fn, args) {
      try {
        fn.apply(this, args);
      } catch (err) {
        this.failed(err);
      }
    }
    /** What to do with an error of a listener: report it as uncaught, so that it shows in the console. */
    failed(err) {
      setTimeout(() => {
        throw err;
      });
    }
    remove(event, entry, all) {
      const left = all ? [] : (this.entries.get(event) || []).filter((e) => e !== entry);
      if (left.length) this.entries.set(event, left);
      else this.entries.delete(event);
    }
    insert(event, entry) {
      this.entries.set(event, (this.entries.get(event) || []).concat(entry));
      return this;
    }
    visit(event, call) {
      const list = this.entries.get(event);
      if (!list) return false;
      for (const entry of list) {
        if (entry.once) this.remove(event, entry, false);
        call(entry.fn);
      }
      return true;
    }
  };
  var proto = Emitter.prototype;
  proto.addEventListener = proto.on;
  proto.removeListener = proto.removeEventListener = proto.removeAllListeners = proto.off;

  // src/engineio/heartbeat.ts
  var Heartbeat = class {
    /** silence: the longest time in ms without a ping. expired is called once. */
    constructor(silence, clock2, expired) {
      this.silence = silence;
      this.clock = clock2;
      this.expired = expired;
      this.deadline = Infinity;
      this.beat();
    }
    /** The server gave a sign of life. */
    beat() {
      this.clock.clearTimeout(this.timer);
      this.deadline = Date.now() + this.silence;
      this.timer = this.clock.setTimeout(this.expired, this.silence);
    }
    /**
     * Whether the silence has lasted too long. The timer alone can't tell: it stands still while a laptop sleeps and is
     * throttled in a hidden tab, and what is sent on such a connection would be lost.
     */
    get late() {
      return Date.now() > this.deadline;
    }
    stop() {
      this.clock.clearTimeout(this.timer);
      this.deadline = Infinity;
    }
  };

  // src/engineio/upgrade.ts
  var Upgrade = class {
    constructor(conn, candidate) {
      this.conn = conn;
      this.candidate = candidate;
      candidate.sink = this;
      candidate.open();
    }
    /** Gives up, without a word to the connection. */
    cancel() {
      this.candidate.close();
    }
    opened() {
      this.candidate.send([{ type: "ping", data: "probe" }]);
    }
    packet(p) {
      if (p.type !== "pong" || p.data !== "probe") {
        this.fail("probe error");
        return;
      }
      const candidate = this.candidate;
      this.conn.pause(candidate, () => {
        candidate.send([{ type: "upgrade" }]);
        this.conn.move(candidate);
      });
    }
    drained() {
    }
    closed(why) {
      this.fail("probe error: " + (why instanceof Error ? why : "transport closed"), why);
    }
    fail(message, why) {
      this.candidate.close();
      this.candidate.sink = nobody;
      this.conn.stay(new TransportError(message, why));
    }
  };

  // src/engineio/conn.ts
  var builtin = [Polling, WebSocketTransport];
  var maxRecords = 16384;
  var upgradedBefore = false;
  var Conn = class extends Emitter {
    constructor(url, opts = {}) {
      super();
      this.readyState = "opening";
      /** Packets that no transport has taken, or taken and not yet sent. */
      this.writeBuffer = [];
      this.inFlight = 0;
      this.flushing = false;
      this.moving = false;
      this.maxPayload = Infinity;
      this.unwatch = () => {
      };
      this.opts = opts;
      const to = target(url || address(opts));
      this.hostname = to.host;
      this.secure = opts.secure ?? isSecure(to.protocol);
      this.port = String(!url && opts.port || to.port);
      const query = opts.query || to.query || {};
      this.query = typeof query === "string" ? parseQuery(query) : query;
      this.classes = (opts.transports || ["polling", "websocket"]).map((t) => typeof t === "string" ? builtin.find((c) => c.kind === t) : t).filter((c) => !!c);
      this.watchPage();
      const again = opts.rememberUpgrade && upgradedBefore && this.class("websocket");
      const first = again || this.classes[0];
      if (first) this.start(first);
      else queueMicrotask(() => this.lost(new TransportError("No transports available")));
    }
    /** Sends a message; returns at once. fn is called when a transport has taken it. */
    send(data, options, fn) {
      this.queue({ type: "message", data, options });
      if (fn) this.once("flush", fn);
      return this;
    }
    write(data, options, fn) {
      return this.send(data, options, fn);
    }
    /** Whether a packet sent now would leave at once. */
    get idle() {
      return this.readyState === "open" && !this.moving && !this.writeBuffer.length && this.transport.idle;
    }
    /** Whether the server has been silent for too long, as after a laptop's sleep; if so, closes, a moment later. */
    checkLate() {
      const late = !!this.heartbeat?.late;
      if (late) queueMicrotask(() => this.end("ping timeout"));
      return late;
    }
    /** Closes the session once all that was sent has left and a running upgrade is over. */
    close() {
      if (this.readyState === "opening") this.end("forced close");
      else if (this.readyState === "open") {
        this.readyState = "closing";
        this.finish();
      }
      return this;
    }
    // What the transport tells.
    opened() {
    }
    packet(p) {
      if (this.readyState === "closed") return;
      this.fire("packet", p);
      if (!this.heartbeat) {
        this.handshake(p);
      } else if (p.type === "ping") {
        this.heartbeat.beat();
        this.fire("heartbeat");
        this.fire("ping");
        this.queue({ type: "pong", data: p.data });
        this.fire("pong");
      } else if (p.type === "message") {
        const data = p.data === void 0 ? "" : p.data;
        this.fire("data", data);
        this.fire("message", data);
      } else if (p.type === "close") {
        this.end("transport close", { description: "transport closed by the server" });
      }
    }
    drained() {
      this.writeBuffer.splice(0, this.inFlight);
      this.inFlight = 0;
      if (this.writeBuffer.length) this.flush();
      else this.fire("drain");
      this.finish();
    }
    closed(why) {
      if (why instanceof Error) this.lost(why);
      else this.end("transport close", why);
    }
    // What an upgrade asks for.
    pause(candidate, ready) {
      const polling = this.transport;
      if (this.moving || !(polling instanceof Polling)) return;
      this.moving = true;
      this.fire("upgrading", candidate);
      polling.pause(ready);
    }
    move(candidate) {
      this.upgrade = void 0;
      candidate.sink = this;
      this.transport = candidate;
      upgradedBefore = candidate.name === "websocket";
      this.moving = false;
      this.fire("upgrade", candidate);
      this.flush();
      this.finish();
    }
    stay(err) {
      this.upgrade = void 0;
      if (this.moving) {
        this.moving = false;
        this.transport.resume();
        this.flush();
      }
      this.fire("upgradeError", err);
      this.finish();
    }
    class(kind) {
      return this.classes.find((c) => c.kind === kind);
    }
    start(c) {
      this.transport = new c(this.transportOptions(c.kind), this);
      this.transport.open();
    }
    transportOptions(kind) {
      const o = this.opts;
      return {
        ...o,
        hostname: this.hostname,
        port: this.port,
        secure: this.secure,
        path: (o.path || "/engine.io").replace(/\/$/, "") + (o.addTrailingSlash === false ? "" : "/"),
        query: this.query,
        ...o.transportOptions?.[kind]
      };
    }
    handshake(p) {
      let h;
      try {
        if (p.type === "open") h = validHandshake(p.data);
      } catch {
      }
      if (!h) {
        this.lost(new TransportError("server error", "not an Engine.IO handshake"));
        return;
      }
      this.id = h.sid;
      this.maxPayload = h.maxPayload || Infinity;
      this.heartbeat = new Heartbeat(h.pingInterval + h.pingTimeout, clock(this.opts.useNativeTimers), () => {
        this.end("ping timeout");
      });
      this.readyState = "open";
      upgradedBefore = this.transport.name === "websocket";
      this.fire("handshake", h);
      this.fire("open");
      this.flush();
      if (this.opts.upgrade !== false && this.transport instanceof Polling) this.probe(h.upgrades);
    }
    probe(offered) {
      const better = this.classes.find((c) => c !== Polling && offered.includes(c.kind));
      if (!better || this.readyState !== "open") return;
      const candidate = new better(this.transportOptions(better.kind), this);
      candidate.sid = this.id;
      this.upgrade = new Upgrade(this, candidate);
    }
    queue(p) {
      if (this.readyState === "closing" || this.readyState === "closed") return;
      this.fire("packetCreate", p);
      this.writeBuffer.push(p);
      if (this.flushing) return;
      this.flushing = true;
      queueMicrotask(() => {
        this.flushing = false;
        this.flush();
      });
    }
    flush() {
      const s = this.readyState;
      if (s === "opening" || s === "closed" || this.moving || this.inFlight || !this.transport.writable) return;
      const packets = this.batch();
      if (!packets.length) return;
      this.inFlight = packets.length;
      this.transport.send(packets);
      this.fire("flush");
    }
    /** As many packets as one send may carry; over polling a POST must stay under maxPayload. */
    batch() {
      const all = this.writeBuffer;
      if (all.length < 2 || !(this.transport instanceof Polling)) return all.slice();
      let size = 0;
      let n = 0;
      while (n < all.length && n < maxRecords) {
        size += recordSize(all[n]) + (n ? 1 : 0);
        if (n && size > this.maxPayload) break;
        n++;
      }
      return all.slice(0, n);
    }
    finish() {
      if (this.readyState === "closing" && !this.moving && !this.writeBuffer.length) this.end("forced close");
    }
    lost(err) {
      if (this.readyState === "closed") return;
      upgradedBefore = false;
      if (this.readyState === "opening" && this.opts.tryAllTransports) {
        this.classes = this.classes.filter((c) => c.kind !== this.transport.name);
        if (this.classes.length) {
          this.transport.close();
          this.start(this.classes[0]);
          return;
        }
      }
      this.fire("error", err);
      this.end("transport error", err);
    }
    end(reason, details) {
      if (this.readyState === "closed") return;
      this.readyState = "closed";
      this.heartbeat?.stop();
      this.unwatch();
      this.upgrade?.cancel();
      this.transport?.close();
      this.id = void 0;
      this.fire("close", reason, details);
      this.writeBuffer = [];
      this.inFlight = 0;
    }
    /** Notices at once what else would take a ping timeout: no network, a page that is left or was asleep. */
    watchPage() {
      const page = globalThis;
      if (!page.addEventListener) return;
      const offline = () => this.end("transport close", { description: "network connection lost" });
      const unload = () => this.transport?.close();
      const seen = () => this.checkLate();
      if (this.hostname !== "localhost") page.addEventListener("offline", offline);
      if (this.opts.closeOnBeforeunload) page.addEventListener("beforeunload", unload);
      page.document?.addEventListener("visibilitychange", seen);
      this.unwatch = () => {
        page.removeEventListener("offline", offline);
        page.removeEventListener("beforeunload", unload);
        page.document?.removeEventListener("visibilitychange", seen);
      };
    }
  };
  function address(o) {
    const host = o.hostname ? /^[^[].*:/.test(o.hostname) ? "[" + o.hostname + "]" : o.hostname : o.host;
    return host && (o.secure === void 0 ? "" : o.secure ? "https:" : "http:") + "//" + host;
  }
  function validHandshake(text) {
    const h = JSON.parse(text);
    const ok = typeof h.sid === "string" && h.sid && Array.isArray(h.upgrades) && h.pingInterval > 0 && h.pingTimeout > 0 && (h.maxPayload === void 0 || h.maxPayload > 0);
    return ok ? h : void 0;
  }

  // src/binary.ts
  function isBinary(value) {
    return value instanceof ArrayBuffer || ArrayBuffer.isView(value) || typeof Blob !== "undefined" && value instanceof Blob;
  }
  function hasBinary(value) {
    if (!value || typeof value !== "object") return false;
    if (isBinary(value)) return true;
    if (typeof value.toJSON === "function") value = value.toJSON();
    if (!value || typeof value !== "object") return false;
    return Object.keys(value).some((key) => hasBinary(value[key]));
  }
  function takeApart(data) {
    const attachments = [];
    const json = JSON.stringify(data, function(key, value) {
      const original = this[key];
      return isBinary(original) ? { _placeholder: true, num: attachments.push(original) - 1 } : value;
    });
    return { json, attachments };
  }
  function putTogether(json, count) {
    const slots = [];
    let found = 0;
    const data = JSON.parse(json, function(key, value) {
      if (value && value._placeholder === true) {
        const num = value.num;
        const fits = Number.isInteger(num) && num >= 0 && num < count && !slots[num];
        if (!fits || Object.values(value).some((v) => v && typeof v === "object")) throw new Error("illegal attachments");
        slots[num] = { holder: this, key };
        found++;
      }
      return value;
    });
    if (found !== count) throw new Error("illegal attachments");
    const fill = (attachments) => {
      slots.forEach(({ holder, key }, i) => {
        Object.defineProperty(holder, key, {
          value: attachments[i],
          writable: true,
          enumerable: true,
          configurable: true
        });
      });
    };
    return { data, fill };
  }

  // src/parser.ts
  var protocol = 5;
  var reserved = /* @__PURE__ */ new Set(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]);
  function isReserved(event) {
    return reserved.has(event);
  }
  var defaultAttachments = 10;
  var Encoder = class {
    /** limit: attachments of one packet. */
    constructor(limit = defaultAttachments) {
      this.limit = limit;
    }
    /** Throws what JSON.stringify throws, and on too many attachments, which the server would answer by closing. */
    encode(p) {
      let type = p.type;
      let json = p.data === void 0 ? "" : void 0;
      let attachments = [];
      if ((type === 2 /* EVENT */ || type === 3 /* ACK */) && hasBinary(p.data)) {
        ({ json, attachments } = takeApart(p.data));
        if (attachments.length > this.limit) throw new Error("too many attachments");
        type += 5 /* BINARY_EVENT */ - 2 /* EVENT */;
      }
      const head = type + (attachments.length ? attachments.length + "-" : "") + (p.nsp === "/" ? "" : p.nsp + ",") + (p.id === void 0 ? "" : p.id);
      return [head + (json ?? JSON.stringify(p.data)), ...attachments];
    }
  };
  var Decoder = class extends Emitter {
    /** limit: attachments of one packet; no more are ever kept. */
    constructor(limit = defaultAttachments) {
      super();
      this.limit = limit;
      this.attachments = [];
    }
    /** Takes a frame. Throws on every mistake of the peer; the decoder is of no use after that. */
    add(frame) {
      if (typeof frame === "string") {
        if (this.pending) throw new Error("text while attachments are missing");
        const packet2 = this.text(frame);
        if (packet2) this.fire("decoded", packet2);
        return;
      }
      if (!this.pending) throw new Error("binary without a packet");
      const { packet, count, fill } = this.pending;
      if (this.attachments.push(frame) < count) return;
      fill(this.attachments);
      this.destroy();
      this.fire("decoded", packet);
    }
    /** Forgets a packet whose attachments did not come. */
    destroy() {
      this.pending = void 0;
      this.attachments = [];
    }
    text(text) {
      const m = /^([0-6])(?:(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?/.exec(text);
      if (!m) throw new Error("not a Socket.IO packet");
      if (m[4] && !Number.isSafeInteger(+m[4])) throw new Error("illegal id");
      const binary = +m[1] >= 5 /* BINARY_EVENT */;
      const type = +m[1] - (binary ? 5 /* BINARY_EVENT */ - 2 /* EVENT */ : 0);
      const packet = { type, nsp: m[3] || "/" };
      if (m[4]) packet.id = +m[4];
      const json = text.slice(m[0].length);
      if (!binary) {
        if (m[2]) throw new Error("attachments in a packet that has none");
        packet.data = json ? JSON.parse(json) : void 0;
        check(packet);
        return packet;
      }
      const count = m[2] ? +m[2] : 0;
      if (count < 1) throw new Error("illegal attachments");
      if (count > this.limit) throw new Error("too many attachments");
      const { data, fill } = putTogether(json, count);
      packet.data = data;
      check(packet);
      this.pending = { packet, count, fill };
      return void 0;
    }
  };
  function check({ type, data }) {
    const object = typeof data === "object" && data !== null && !Array.isArray(data);
    const ok = type === 0 /* CONNECT */ ? data === void 0 || object : type === 1 /* DISCONNECT */ ? data === void 0 : type === 4 /* CONNECT_ERROR */ ? object || typeof data === "string" : Array.isArray(data) && (type === 3 /* ACK */ || typeof data[0] === "number" || typeof data[0] === "string" && !isReserved(data[0]));
    if (!ok) throw new Error("invalid payload");
  }

  // src/ack.ts
  var Acks = class {
    constructor(clock2, call) {
      this.clock = clock2;
      this.call = call;
      this.waiting = /* @__PURE__ */ new Map();
    }
    get size() {
      return this.waiting.size;
    }
    /** Waits for an answer; with a timeout in ms, expired is called before fn gets its error. */
    add(id, fn, withError, timeout, expired) {
      const w = { fn, withError: withError || timeout !== void 0 };
      if (timeout !== void 0) {
        w.timer = this.clock.setTimeout(() => {
          expired();
          this.fail(id, "operation has timed out");
        }, timeout);
      }
      this.waiting.set(id, w);
    }
    /** The answer has come. One that nobody waits for is ignored. */
    answer(id, args) {
      const w = this.take(id);
      if (w) this.call(w.fn, w.withError ? [null, ...args] : args);
    }
    /** There will be no answer: who takes an error gets it, any other function is forgotten. */
    fail(id, reason) {
      const w = this.take(id);
      if (w?.withError) this.call(w.fn, [new Error(reason)]);
    }
    /** Fails all but the ids in keep. */
    failAll(keep, reason) {
      for (const id of [...this.waiting.keys()]) if (!keep.has(id)) this.fail(id, reason);
    }
    take(id) {
      const w = this.waiting.get(id);
      this.waiting.delete(id);
      this.clock.clearTimeout(w?.timer);
      return w;
    }
  };

  // src/offset.ts
  var shape = /^([\w-]{7,}?)(?:[.-]\d+)?$/;
  var Offset = class {
    constructor() {
      this.size = 0;
    }
    /** Begins a session, with the server's first offset where it sends one. */
    start(first) {
      this.value = void 0;
      if (typeof first === "string") this.set(first);
    }
    /** Notes the last argument of an event that asked for no acknowledgement; only such events are stored. */
    note(last) {
      if (typeof last !== "string") return;
      const m = shape.exec(last);
      if (m && (this.value === void 0 || m[1].length === this.size && last[0] === this.value[0])) this.set(last);
    }
    set(value) {
      this.value = value;
      this.size = (shape.exec(value)?.[1] || value).length;
    }
  };

  // src/retry.ts
  var RetryQueue = class {
    /**
     * retries: tries after the first. send sends a packet and calls answered with the outcome, at the latest when the
     * socket is disconnected; ready tells whether it would leave now.
     */
    constructor(retries, send, ready) {
      this.retries = retries;
      this.send = send;
      this.ready = ready;
      this.entries = [];
    }
    get length() {
      return this.entries.length;
    }
    /** Queues a packet; done is called with an error once all tries have failed, else with null and the answer. */
    add(packet, timeout, done) {
      const entry = { packet, timeout, tries: 0, sent: false, answered };
      const queue = this;
      function answered(err, ...answer) {
        if (entry !== queue.entries[0]) return;
        if (err && entry.tries <= queue.retries) {
          entry.sent = false;
        } else {
          queue.entries.shift();
          done(err, ...answer);
        }
        queue.drain();
      }
      this.entries.push(entry);
      this.drain();
    }
    /** Sends the first packet, unless it is under way; after a reconnection it is sent again in any case. */
    drain(again = false) {
      const entry = this.entries[0];
      if (!entry || !this.ready() || entry.sent && !again) return;
      entry.sent = true;
      entry.tries++;
      this.send(entry.packet, entry.timeout, entry.answered);
    }
  };

  // src/socket.ts
  var maxEarly = 1e4;
  var Socket = class extends Emitter {
    /** Sockets are made by io() and manager.socket(). */
    constructor(io2, nsp, opts = {}) {
      super();
      this.io = io2;
      this.opts = opts;
      this.connected = false;
      /** Whether the last connection continued the session before it, nothing missed. */
      this.recovered = false;
      /** Events that came before the connection was complete. */
      this.receiveBuffer = [];
      /** Events emitted while disconnected. */
      this.sendBuffer = [];
      /** Taken part in by the manager: connected, connecting, or to be connected again. */
      this.wanted = false;
      /** CONNECT was sent and not answered. */
      this.asking = false;
      /** No attempt since connect() has ended yet. */
      this.firstTry = true;
      /** Counts connections: what belongs to an earlier one is stale. */
      this.epoch = 0;
      /** Hold emits back: what was buffered goes first. */
      this.flushing = false;
      this.failing = false;
      this.flags = {};
      this.ids = 0;
      this.offset = new Offset();
      this.anyIn = [];
      this.anyOut = [];
      this.nsp = nsp;
      this.auth = opts.auth;
      this.acks = new Acks(io2._clock, (fn, args) => this.guard(fn, args));
      if (opts.retries) {
        this.retry = new RetryQueue(
          opts.retries,
          (p, timeout, answered) => this.post(p, { timeout }, answered, true),
          () => this.connected && !this.flushing
        );
      }
    }
    get disconnected() {
      return !this.connected;
    }
    /** Whether the socket is connected or will be without more ado. */
    get active() {
      return this.wanted;
    }
    connect() {
      if (this.connected || this.wanted && this.asking) return this;
      if (!this.wanted) this.firstTry = true;
      this.wanted = true;
      this.io._want(this);
      return this;
    }
    open() {
      return this.connect();
    }
    /** Leaves the namespace, for good; the last socket to go closes the connection. */
    disconnect() {
      const connected = this.connected;
      if (connected) this.io._send(this.encoded({ type: 1 /* DISCONNECT */, nsp: this.nsp }));
      this.release();
      if (connected) this.down("io client disconnect");
      return this;
    }
    close() {
      return this.disconnect();
    }
    /**
     * Sends an event. A function as the last argument is called with the answer. While disconnected the event waits.
     * Throws on a reserved name and on what can't be encoded.
     */
    emit(event, ...args) {
      const flags = this.flags;
      this.flags = {};
      if (isReserved(event)) throw new Error('"' + event + '" is a reserved event name');
      const data = [event, ...args];
      const fn = typeof data[data.length - 1] === "function" ? data.pop() : void 0;
      const retry = flags.volatile ? void 0 : this.retry;
      const p = this.encoded({ type: 2 /* EVENT */, nsp: this.nsp, data, id: fn || retry ? this.ids++ : void 0 });
      p.compress = flags.compress;
      if (!retry) {
        this.post(p, flags, fn);
      } else {
        const done = (...answer) => fn && this.guard(fn, answer);
        if (retry.length < this.maxBuffered) retry.add(p, flags.timeout, done);
        else done(new Error(bufferFull));
      }
      return this;
    }
    /** Sends an event and resolves to the first value of the answer; rejects on a timeout or a disconnect. */
    emitWithAck(event, ...args) {
      return new Promise((resolve, reject) => {
        const done = (err, value) => err ? reject(err) : resolve(value);
        done.withError = true;
        this.emit(event, ...[...args, done]);
      });
    }
    /** emit("message", …). */
    send(...args) {
      return this.emit("message", ...args);
    }
    /** The next emit's acknowledgement takes an error first, which comes after ms without an answer. */
    timeout(ms) {
      this.flags.timeout = ms;
      return this;
    }
    /** The next emit is dropped if it can't leave at once. */
    get volatile() {
      this.flags.volatile = true;
      return this;
    }
    /** Whether to compress the next emit, where the transport leaves the choice; browsers do not. */
    compress(compress) {
      this.flags.compress = compress;
      return this;
    }
    /** fn hears every event that comes, before its own listeners. */
    onAny(fn) {
      this.anyIn = this.anyIn.concat(fn);
      return this;
    }
    prependAny(fn) {
      this.anyIn = [fn, ...this.anyIn];
      return this;
    }
    offAny(fn) {
      this.anyIn = without(this.anyIn, fn);
      return this;
    }
    listenersAny() {
      return this.anyIn;
    }
    /** fn hears every event that is sent. */
    onAnyOutgoing(fn) {
      this.anyOut = this.anyOut.concat(fn);
      return this;
    }
    prependAnyOutgoing(fn) {
      this.anyOut = [fn, ...this.anyOut];
      return this;
    }
    offAnyOutgoing(fn) {
      this.anyOut = without(this.anyOut, fn);
      return this;
    }
    listenersAnyOutgoing() {
      return this.anyOut;
    }
    // What the manager tells a socket that takes part.
    /** @internal The connection stands: ask for the namespace. */
    _opened(transport) {
      if (this.connected || this.asking) return;
      this.asking = true;
      this.receiveBuffer = [];
      const epoch = ++this.epoch;
      this.fire("connecting", transport);
      const ask = (data) => {
        if (!this.asking || epoch !== this.epoch) return;
        const session = this.pid ? { pid: this.pid, offset: this.offset.value } : void 0;
        const packet = { type: 0 /* CONNECT */, nsp: this.nsp, data: session ? { ...session, ...data } : data };
        this.io._send(this.encoded(packet));
      };
      const auth = this.auth;
      try {
        if (typeof auth === "function") auth.call(this, ask);
        else ask(auth);
      } catch (err) {
        this._refused(err);
      }
    }
    /** @internal An attempt to connect failed. */
    _refused(err) {
      this.asking = false;
      if (this.connected) return;
      let heard = this.fire("connect_error", err);
      if (this.firstTry) heard = this.fire("connect_failed", err) || heard;
      this.firstTry = false;
      if (!heard && !this.io.hasListeners("error") && !this.io.hasListeners("reconnect_error")) this.fire("error", err);
    }
    /** @internal The connection is gone. */
    _lost(reason, details) {
      if (this.connected) this.down(reason, details);
      else if (this.asking) this._refused(details instanceof Error ? details : new Error(reason));
    }
    /** @internal Raises an event of the life cycle. */
    _tell(event, ...args) {
      this.fire(event, ...args);
    }
    /** @internal A packet for this namespace came. */
    _receive(p) {
      const data = p.data;
      switch (p.type) {
        case 0 /* CONNECT */:
          if (this.connected) return;
          if (data && data.sid && typeof data.sid === "string") this.up(data);
          else this._refused(new Error(oldServer));
          return;
        case 4 /* CONNECT_ERROR */: {
          if (this.connected) return;
          this.release();
          const err = new Error(typeof data === "string" ? data : data.message);
          err.data = data.data;
          this._refused(err);
          return;
        }
        case 1 /* DISCONNECT */:
          this.release();
          if (this.connected) this.down("io server disconnect");
          return;
        case 2 /* EVENT */:
        case 5 /* BINARY_EVENT */:
          if (p.id !== void 0) data.push(this.answer(p.id));
          if (this.connected) this.dispatch(data);
          else if (this.receiveBuffer.push(data) > maxEarly) this.io._broken(new Error("too many events before CONNECT"));
          return;
        default:
          this.acks.answer(p.id, data);
      }
    }
    /** Errors of listeners go to the listeners of error, if there are any. */
    failed(err) {
      if (this.failing || !this.hasListeners("error")) {
        super.failed(err);
        return;
      }
      this.failing = true;
      this.fire("error", err);
      this.failing = false;
    }
    release() {
      this.wanted = this.asking = false;
      this.epoch++;
      this.io._release();
    }
    up({ sid, pid, offset }) {
      this.id = sid;
      this.recovered = !!pid && pid === this.pid;
      this.pid = typeof pid === "string" ? pid : void 0;
      if (!this.recovered) this.offset.start(offset);
      this.connected = this.flushing = true;
      this.asking = this.firstTry = false;
      const epoch = this.epoch;
      const early = this.receiveBuffer;
      this.receiveBuffer = [];
      for (const data of early) if (epoch === this.epoch) this.dispatch(data);
      while (epoch === this.epoch && this.sendBuffer.length) {
        const waiting = this.sendBuffer;
        this.sendBuffer = [];
        let sent = 0;
        while (epoch === this.epoch && sent < waiting.length) this.transmit(waiting[sent++]);
        this.sendBuffer = waiting.slice(sent).concat(this.sendBuffer);
      }
      this.flushing = false;
      if (epoch !== this.epoch) return;
      this.retry?.drain(true);
      this.fire("connect");
    }
    down(reason, details) {
      this.connected = this.asking = false;
      this.id = void 0;
      this.epoch++;
      this.fire("disconnect", reason, details);
      this.acks.failAll(new Set(this.sendBuffer.map((p) => p.id)), "socket has been disconnected");
    }
    get maxBuffered() {
      return this.opts.maxBuffered ?? Infinity;
    }
    encoded(p) {
      return { ...p, frames: this.io.encoder.encode(p) };
    }
    /** Sends a packet, keeps it for later, or drops it. fn waits for its answer. */
    post(p, flags, fn, withError = !!fn?.withError) {
      const ready = this.connected && !this.flushing && !this.io.engine.checkLate();
      const dropped = flags.volatile && !(ready && this.io.engine.idle);
      const timeout = flags.timeout ?? this.opts.ackTimeout;
      if (fn && (!dropped || withError || timeout !== void 0)) {
        this.acks.add(p.id, fn, withError, timeout, () => {
          this.sendBuffer = this.sendBuffer.filter((other) => other !== p);
        });
      }
      if (dropped) return;
      if (ready) this.transmit(p);
      else this.buffer(p);
    }
    transmit(p) {
      this.io._send(p);
      for (const fn of this.anyOut) this.guard(fn, p.data);
    }
    buffer(p) {
      this.sendBuffer.push(p);
      while (this.sendBuffer.length > this.maxBuffered) {
        const dropped = this.opts.dropPolicy === "newest" ? this.sendBuffer.pop() : this.sendBuffer.shift();
        this.acks.fail(dropped.id, bufferFull);
      }
    }
    /** The function with which a listener answers an event: once, and only on the connection that asked. */
    answer(id) {
      let epoch = this.epoch;
      return (...args) => {
        if (epoch !== this.epoch) return;
        const p = this.encoded({ type: 3 /* ACK */, nsp: this.nsp, id, data: args });
        epoch = void 0;
        this.io._send(p);
      };
    }
    dispatch(data) {
      for (const fn of this.anyIn) this.guard(fn, data);
      if (this.opts.anything) this.fire("anything", ...data);
      const [event, ...args] = data;
      this.fire(String(event), ...args);
      if (this.pid && typeof args[args.length - 1] !== "function") this.offset.note(args[args.length - 1]);
    }
  };
  var bufferFull = "the buffer is full";
  var oldServer = "It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but they are not compatible (more information here: https://socket.io/docs/v3/migrating-from-2-x-to-3-0/)";
  function without(list, fn) {
    if (!fn) return [];
    const at = list.indexOf(fn);
    return list.filter((_, i) => i !== at);
  }

  // src/wait.ts
  function wait(clock2, ms, early, fn) {
    const page = early ? globalThis.window : void 0;
    const document = page?.document;
    const stop = () => {
      clock2.clearTimeout(timer);
      page?.removeEventListener("online", go);
      document?.removeEventListener("visibilitychange", seen);
    };
    const go = () => {
      stop();
      fn();
    };
    const seen = () => {
      if (document.visibilityState === "visible") go();
    };
    const timer = clock2.setTimeout(go, ms);
    page?.addEventListener("online", go);
    document?.addEventListener("visibilitychange", seen);
    return stop;
  }

  // src/manager.ts
  var Manager = class extends Emitter {
    constructor(uri, opts) {
      super();
      /** The sockets by namespace, active or not. */
      this.nsps = /* @__PURE__ */ Object.create(null);
      this.state = "closed";
      /** Closed on purpose: no reconnection until the next open(). */
      this.stopped = false;
      this.reconnecting = false;
      this.stopWaiting = () => {
      };
      /** Takes the manager's listeners off the engine. */
      this.detach = () => {
      };
      if (typeof uri === "object") {
        opts = uri;
        uri = void 0;
      }
      const o = this.opts = { ...opts, path: opts?.path || "/socket.io" };
      this.uri = uri;
      this._clock = clock(o.useNativeTimers);
      this.shouldReconnect = o.reconnection !== false;
      this.maxAttempts = o.reconnectionAttempts || Infinity;
      this.limit = o.timeout ?? 2e4;
      this.backoff = new Backoff({
        min: o.reconnectionDelay,
        max: o.reconnectionDelayMax,
        jitter: o.randomizationFactor ?? 0.5
      });
      this.encoder = o.parser ? new o.parser.Encoder() : new Encoder(o.maxAttachments);
      this.decoder = o.parser ? new o.parser.Decoder() : new Decoder(o.maxAttachments);
      this.decoder.on("decoded", (p) => this.route(p));
      if (o.autoConnect !== false) this.open();
    }
    reconnection(v) {
      if (v === void 0) return this.shouldReconnect;
      this.shouldReconnect = !!v;
      if (!v) this.stopped = true;
      return this;
    }
    reconnectionAttempts(v) {
      if (v === void 0) return this.maxAttempts;
      this.maxAttempts = v;
      return this;
    }
    reconnectionDelay(v) {
      if (v === void 0) return this.backoff.min;
      this.backoff.min = v;
      return this;
    }
    randomizationFactor(v) {
      if (v === void 0) return this.backoff.jitter;
      this.backoff.jitter = v;
      return this;
    }
    reconnectionDelayMax(v) {
      if (v === void 0) return this.backoff.max;
      this.backoff.max = v;
      return this;
    }
    timeout(v) {
      if (v === void 0) return this.limit;
      this.limit = v;
      return this;
    }
    /**
     * Connects, unless that is done or under way. fn is called with the outcome of this attempt; without it a failure
     * starts the reconnection.
     */
    open(fn) {
      if (this.state !== "closed") return this;
      this.state = "opening";
      this.stopped = false;
      const engine = this.engine = new Conn(this.uri, this.opts);
      const failed = (err) => {
        this.detach();
        engine.close();
        this.state = "closed";
        this.fire("error", err);
        this.each((s) => s._refused(err));
        if (fn) fn(err);
        else if (this.shouldReconnect && this.backoff.attempts === 0) this.reconnect();
      };
      const late = () => failed(new Error("timeout"));
      const timer = this.limit === false ? void 0 : this._clock.setTimeout(late, this.limit);
      const opening = attach(engine, {
        open: () => {
          this.detach();
          if (!fn) this.giveUpWaiting();
          this.opened(engine);
          if (this.state === "open") fn?.();
        },
        error: failed,
        close: (reason, details) => failed(Object.assign(new Error(reason), details))
      });
      this.detach = () => {
        this._clock.clearTimeout(timer);
        opening();
      };
      return this;
    }
    connect(fn) {
      return this.open(fn);
    }
    /** The socket of a namespace; there is one for each. */
    socket(nsp, opts) {
      if (nsp[0] !== "/") nsp = "/" + nsp;
      let socket = this.nsps[nsp];
      if (!socket) socket = this.nsps[nsp] = new Socket(this, nsp, opts);
      if (this.opts.autoConnect !== false && !socket.active) socket.connect();
      return socket;
    }
    // What a socket asks of its manager.
    /** @internal A socket wants to be connected. */
    _want(socket) {
      if (this.state === "open") {
        queueMicrotask(() => {
          if (this.state === "open" && socket.active) socket._opened(this.engine.transport.name);
        });
      } else if (!this.reconnecting) {
        this.open();
      }
    }
    /** @internal A socket was left; after the last one the connection is closed. */
    _release() {
      let active = false;
      this.each(() => active = true);
      if (!active) this._close();
    }
    /** @internal Sends an encoded packet. */
    _send(p) {
      for (const frame of p.frames) this.engine.send(frame, { compress: p.compress !== false });
    }
    /** @internal The server does not keep to the protocol. */
    _broken(err) {
      this.each((s) => s._tell("error", err));
      this.closed("parse error", err);
    }
    /** Closes the connection without reconnecting. */
    _close() {
      this.stopped = true;
      this.giveUpWaiting();
      this.closed("forced close");
    }
    opened(engine) {
      this.state = "open";
      this.detach = attach(engine, {
        ping: () => this.fire("ping"),
        data: (frame) => {
          try {
            this.decoder.add(frame);
          } catch (err) {
            this._broken(err);
          }
        },
        error: (err) => {
          this.fire("error", err);
        },
        close: (reason, details) => this.closed(reason, details)
      });
      this.fire("open");
      this.each((s) => {
        if (this.state === "open") s._opened(engine.transport.name);
      });
    }
    route(p) {
      this.fire("packet", p);
      const socket = this.nsps[p.nsp];
      if (socket?.active) socket._receive(p);
    }
    closed(reason, details) {
      if (this.state === "closed" && reason !== "forced close") return;
      this.detach();
      this.engine?.close();
      this.decoder.destroy();
      this.state = "closed";
      this.backoff.reset();
      this.fire("close", reason, details);
      this.each((s) => s._lost(reason, details));
      if (this.shouldReconnect && !this.stopped) this.reconnect();
    }
    reconnect() {
      if (this.reconnecting || this.stopped) return;
      if (this.backoff.attempts >= this.maxAttempts) {
        this.backoff.reset();
        this.fire("reconnect_failed");
        this.each((s) => s._tell("reconnect_failed"));
        return;
      }
      const delay = this.backoff.duration();
      this.reconnecting = true;
      this.stopWaiting = wait(this._clock, delay, !!this.opts.reconnectOnline, () => this.attempt(delay));
    }
    giveUpWaiting() {
      this.reconnecting = false;
      this.stopWaiting();
      this.backoff.reset();
    }
    attempt(delay) {
      if (this.stopped || this.state !== "closed") {
        this.reconnecting = false;
        return;
      }
      const n = this.backoff.attempts;
      this.fire("reconnect_attempt", n);
      this.each((s) => s._tell("reconnecting", delay, n));
      if (this.stopped || this.state !== "closed") {
        this.reconnecting = false;
        return;
      }
      this.open((err) => {
        this.reconnecting = false;
        if (err) {
          this.reconnect();
          this.fire("reconnect_error", err);
          return;
        }
        this.backoff.reset();
        this.fire("reconnect", n);
        this.each((s) => s._tell("reconnect", this.engine.transport.name, n));
      });
    }
    /** The sockets that take part. */
    each(fn) {
      for (const nsp of Object.keys(this.nsps)) {
        const socket = this.nsps[nsp];
        if (socket.active) fn(socket);
      }
    }
  };
  function attach(engine, listeners) {
    for (const event of Object.keys(listeners)) engine.on(event, listeners[event]);
    return () => {
      for (const event of Object.keys(listeners)) engine.off(event, listeners[event]);
    };
  }

  // src/index.ts
  var managers = /* @__PURE__ */ Object.create(null);
  function lookup(url, opts = {}) {
    if (typeof url === "object") {
      opts = url;
      url = void 0;
    }
    const to = target(url, opts.path || "/socket.io");
    const cached = managers[to.id];
    const own = opts.forceNew || opts.multiplex === false || cached && to.path in cached.nsps;
    let manager = cached;
    if (own || !cached) {
      manager = new Manager(to.href, { ...opts, query: opts.query || to.query });
      if (!own) managers[to.id] = manager;
    }
    return manager.socket(to.path, opts);
  }
  var io = Object.assign(lookup, { io: lookup, connect: lookup, Manager, Socket, protocol });
  var index_default = io;
  return __toCommonJS(index_exports);
})();
io=io.default;if(typeof module==="object"&&module.exports)module.exports=io;else if(typeof define==="function"&&define.amd)define(function(){return io});
//# sourceMappingURL=socket.io.js.map
