/*! socketio-go MIT */
"use strict";
var __defProp = Object.defineProperty;
var __export = (target2, all) => {
  for (var name in all)
    __defProp(target2, name, { get: all[name], enumerable: true });
};

// src/index.ts
var index_exports = {};
__export(index_exports, {
  Fetch: () => Polling,
  Manager: () => Manager2,
  NodeWebSocket: () => WebSocketTransport,
  NodeXHR: () => Polling,
  OfflineBuffer: () => OfflineBuffer,
  Socket: () => Socket,
  WebSocket: () => WebSocketTransport,
  WebTransport: () => WebTransportTransport,
  XHR: () => Polling,
  connect: () => io,
  default: () => io,
  indexedDBStorage: () => indexedDBStorage,
  io: () => io,
  protocol: () => protocol,
  webStorage: () => webStorage
});

// src/engineio/packet.ts
var types = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];
function malformed() {
  return new Error("bad packet");
}
var separator = "";
function encodeText(p) {
  return types.indexOf(p.type) + (p.data || "");
}
function decodeText(text) {
  if (text[0] === "b") return { type: "message", data: fromBase64(text.slice(1)) };
  const type = types[text[0]];
  if (!type) throw malformed();
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
  if (btoa(raw) !== text) throw malformed();
  const data = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) data[i] = raw.charCodeAt(i);
  return data.buffer;
}

// src/engineio/platform.ts
function openWebSocket(url, o) {
  return new (o.WebSocket || WebSocket)(url, o.protocols || []);
}
function request(url, init, _o) {
  return fetch(url, init);
}
function cookieJar(_o) {
  return void 0;
}
function received(data, type) {
  return type === "blob" ? new Blob([data]) : data;
}

// src/url.ts
var maxLength = 8e3;
var parts = /^(?:(?:([a-z]+):)?\/\/)?(?:[^@\/?#]*@)?(?:\[([^\]]*)\]|([^:\/?#]*))(?::(\d*))?([^?#]*)(?:\?([^#]*))?/i;
function target(url, path = "", page = globalThis.location) {
  const own = "//" + (page ? page.host : "localhost");
  url = String(url || own);
  if (url.length > maxLength) throw new Error("URI too long");
  const m = parts.exec(/^\/(?!\/)/.test(url) ? own + url : url);
  const scheme = page && /^http/.test(page.protocol) ? page.protocol.slice(0, -1) : "https";
  const _protocol = (m[1] || scheme).toLowerCase();
  const _host = m[2] || m[3] || "localhost";
  const _port = m[4] || (isSecure(_protocol) ? "443" : "80");
  const _href = _protocol + "://" + authority(_host, _port);
  return { _protocol, _host, _port, _path: m[5] || "/", _query: m[6] ? parseQuery(m[6]) : void 0, _href, _id: _href + path };
}
function isSecure(protocol2) {
  return /^(http|ws)s$/.test(protocol2);
}
function authority(host, port) {
  return (/^[^[]*:.*:/.test(host) ? "[" + host + "]" : host) + ":" + port;
}
function parseQuery(text) {
  return Object.fromEntries(new URLSearchParams(text.replace(/\+/g, "%2B")));
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
var maxHandshake = 65536;
var maxResponse = 8388608;
var Transport = class {
  constructor(_options, _sink) {
    this._options = _options;
    this._sink = _sink;
    /** Whether send may be called. */
    this.writable = false;
  }
  /** Stops. The peer is told where the transport has a way to; the sink hears no more. */
  close() {
    this._sink = nobody;
    this.writable = false;
    this._stop();
  }
  /** Nothing waits below this transport to be sent. */
  get _idle() {
    return this.writable;
  }
  /** The longest response or frame in bytes that is accepted now. */
  get _limit() {
    return this.sid ? this._options.maxResponse || maxResponse : maxHandshake;
  }
  /** The end, by an error; one that is no TransportError becomes the description of one. */
  _fail(err, message = "server error") {
    this.writable = false;
    this._sink._closed(err instanceof TransportError ? err : new TransportError(message, err));
  }
  /** Hands a packet on that came from the peer; one that can't be read ends the transport. */
  _take(decode) {
    let p;
    try {
      p = decode();
    } catch (err) {
      return this._fail(err);
    }
    this._sink._packet(p);
  }
  _url(scheme, stamp) {
    const o = this._options;
    const query = { ...o.query, EIO: 4, transport: this.name };
    if (this.sid) query.sid = this.sid;
    if (o.forceBase64) query.b64 = 1;
    if (stamp) query[o.timestampParam || "t"] = Math.random().toString(36).slice(2);
    return scheme + (o.secure ? "s://" : "://") + authority(o.hostname, o.port) + o.path + "?" + String(new URLSearchParams(query)).replace(/\+/g, "%20");
  }
};
var nobody = {
  _opened() {
  },
  _packet() {
  },
  _drained() {
  },
  _closed() {
  }
};

// src/engineio/polling.ts
var handshakeGrace = 5e3;
var Polling = class extends Transport {
  constructor() {
    super(...arguments);
    this._abort = new AbortController();
  }
  get name() {
    return "polling";
  }
  static available() {
    return true;
  }
  open() {
    void this._poll();
  }
  send(packets) {
    this.writable = false;
    void this._post(packets);
  }
  /** Begins no more polls and calls done when the requests under way have ended. */
  _pause(done2) {
    this._paused = done2;
    this._settle();
  }
  /** Takes a pause back. */
  _resume() {
    this._paused = void 0;
    if (!this._polling) void this._poll();
  }
  _stop() {
    if (this._closed) return;
    this._closed = true;
    if (this.sid) this._sayGoodbye();
    else if (this._polling) setTimeout(() => this._abort.abort(), handshakeGrace);
  }
  async _poll() {
    this._polling = true;
    try {
      const body = await this._request("GET", "xhr poll error");
      this._polling = false;
      decodePayload(body, (p) => this._received(p));
    } catch (err) {
      this._polling = false;
      return this._fail(err);
    }
    if (this._closed) return;
    if (this._paused) this._settle();
    else void this._poll();
  }
  _received(p) {
    if (p.type === "close") this._over = true;
    if (p.type === "open" && !this.sid) {
      this.sid = sidOf(p);
      this.writable = !this._closed;
      if (this._closed && this.sid) this._sayGoodbye();
    }
    this._sink._packet(p);
  }
  async _post(packets) {
    try {
      await this._request("POST", "xhr post error", await encodePayload(packets));
    } catch (err) {
      return this._fail(err);
    }
    if (this._closed) return;
    this.writable = true;
    this._sink._drained();
    this._settle();
  }
  _sayGoodbye() {
    this._abort.abort();
    if (this._over) return;
    this._abort = new AbortController();
    this._request("POST", "", "1").catch(() => {
    });
  }
  _settle() {
    const done2 = this._paused;
    if (!done2 || this._polling || !this.writable) return;
    this._paused = () => {
    };
    done2();
  }
  /** Resolves to the body of the response. The error bears that message when there is none. */
  async _request(method, message, body) {
    const o = this._options;
    const abort = this._abort;
    const timer = o.requestTimeout ? setTimeout(() => abort.abort(), o.requestTimeout) : 0;
    try {
      const response = await request(
        this._url("http", o.timestampRequests !== false),
        {
          method,
          body,
          keepalive: this._closed,
          // a goodbye may outlive the page
          signal: abort.signal,
          cache: "no-store",
          // As a form would do it: cookies go to the own origin, and to another one only when asked for.
          credentials: o.withCredentials ? "include" : "same-origin",
          headers: o.extraHeaders
          // besides, a body that is text says so by itself
        },
        o
      );
      if (response.ok) return await readText(response, this._limit);
      this._over = response.status === 400;
      throw new TransportError(message, response.status, response);
    } catch (err) {
      throw err instanceof TransportError ? err : new TransportError(message, err);
    } finally {
      clearTimeout(timer);
    }
  }
};
async function readText(response, limit2) {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; ; ) {
    const { done: done2, value } = await reader.read();
    if (done2) return text + decoder.decode();
    size += value.length;
    if (size > limit2) {
      void reader.cancel();
      throw new TransportError("server error", "too large");
    }
    text += decoder.decode(value, { stream: true });
  }
}
function sidOf(p) {
  try {
    return JSON.parse(p.data).sid;
  } catch {
  }
  return void 0;
}

// src/engineio/websocket.ts
var problem = "websocket error";
var WebSocketTransport = class extends Transport {
  get name() {
    return "websocket";
  }
  static available(o) {
    return !!(o.WebSocket || globalThis.WebSocket);
  }
  open() {
    const o = this._options;
    try {
      const ws = this.ws = openWebSocket(this._url("ws", o.timestampRequests), o);
      ws.binaryType = "arraybuffer";
      ws.onopen = () => {
        this.writable = true;
        this._sink._opened();
      };
      ws.onmessage = ({ data }) => this._take(() => typeof data === "string" ? decodeText(data) : { type: "message", data });
      ws.onerror = (e) => this._fail(new TransportError(problem, e));
      ws.onclose = (e) => this._sink._closed({ description: "websocket connection closed", context: e });
    } catch (err) {
      queueMicrotask(() => this._fail(err, problem));
    }
  }
  send(packets) {
    this.writable = false;
    void this._send(packets);
  }
  get _idle() {
    return this.writable && !this.ws.bufferedAmount;
  }
  _stop() {
    this.ws?.close();
  }
  async _send(packets) {
    try {
      for (const p of packets) {
        const frame = this._options.forceBase64 ? await encodeRecord(p) : isText(p.data) ? encodeText(p) : p.data;
        this.ws.send(frame);
      }
      await void 0;
    } catch (err) {
      this._fail(err, problem);
    }
    this.writable = this.ws.readyState === 1;
    if (this.writable) this._sink._drained();
  }
};

// src/backoff.ts
var Backoff = class {
  constructor(o) {
    this.attempts = 0;
    this.min = o.min || 1e3;
    this.max = o.max || 5e3;
    this.jitter = o.jitter > 0 && o.jitter <= 1 ? o.jitter : 0;
  }
  /** The delay before the next attempt in whole ms; counts the attempt. */
  duration() {
    let ms = this.min * 2 ** Math.min(this.attempts++, 50);
    if (this.jitter) {
      const r = Math.random();
      const deviation = Math.floor(r * this.jitter * ms);
      ms += Math.floor(r * 10) & 1 ? deviation : -deviation;
    }
    return Math.floor(Math.min(ms, this.max));
  }
  reset() {
    this.attempts = 0;
  }
};

// src/clock.ts
var native = /* @__PURE__ */ timers(globalThis);
function clock(o) {
  return o.useNativeTimers ? native : globalThis;
}
function timers(of) {
  return { setTimeout: of.setTimeout.bind(of), clearTimeout: of.clearTimeout.bind(of) };
}

// src/emitter.ts
var Emitter = class {
  constructor() {
    this._entries = /* @__PURE__ */ new Map();
  }
  on(event, fn) {
    this._entries.set(event, [...this._list(event), fn]);
    return this;
  }
  once(event, fn) {
    const entry = (...args) => {
      this.off(event, entry);
      fn.apply(this, args);
    };
    entry._fn = fn;
    return this.on(event, entry);
  }
  /** Removes one listener, all listeners of an event, or all. */
  off(event, fn) {
    const list = this._list(event);
    const at = list.findIndex((entry) => entry === fn || entry._fn === fn);
    const left = list.filter((_, i) => fn && i !== at);
    if (event === void 0) this._entries.clear();
    else if (left.length) this._entries.set(event, left);
    else this._entries.delete(event);
    return this;
  }
  // The other names under which the reference offers the same.
  addEventListener(event, fn) {
    return this.on(event, fn);
  }
  removeListener(event, fn) {
    return this.off(event, fn);
  }
  removeEventListener(event, fn) {
    return this.off(event, fn);
  }
  removeAllListeners(event, fn) {
    return this.off(event, fn);
  }
  listeners(event) {
    return this._list(event).map((entry) => entry._fn || entry);
  }
  hasListeners(event) {
    return this._entries.has(event);
  }
  /** Calls the listeners of an event on the spot; what they throw reaches the caller. */
  emit(event, ...args) {
    for (const fn of this._list(event)) fn.apply(this, args);
    return this;
  }
  /**
   * @internal
   * Calls the listeners of an event that the library itself raises. What a listener throws is caught and handed to
   * _failed(): a mistake in one listener stops neither the others nor the connection. Reports whether there was one.
   */
  _fire(event, ...args) {
    const list = this._list(event);
    for (const fn of list) this._guard(fn, args);
    return !!list.length;
  }
  /** Calls one user function with the same protection as fire. */
  _guard(fn, args) {
    try {
      fn.apply(this, args);
    } catch (err) {
      this._failed(err);
    }
  }
  /** What to do with an error of a listener: report it as uncaught, so that it shows in the console. */
  _failed(err) {
    setTimeout(() => {
      throw err;
    });
  }
  _list(event) {
    return this._entries.get(event) || [];
  }
};

// src/page.ts
function listen(event, fn) {
  const page = globalThis;
  page.addEventListener?.(event, fn);
  return () => page.removeEventListener?.(event, fn);
}
function seen(fn) {
  return listen("visibilitychange", () => {
    if (document.visibilityState === "visible") fn();
  });
}

// src/engineio/webtransport.ts
var binaryBit = 128;
var length16 = 126;
var length64 = 127;
var WebTransportTransport = class extends Transport {
  get name() {
    return "webtransport";
  }
  static available() {
    return "WebTransport" in globalThis;
  }
  open() {
    void this._run();
  }
  send(packets) {
    this.writable = false;
    void this._write(packets);
  }
  _stop() {
    this._session?.close();
  }
  async _run() {
    const failed = (err) => this._fail(err, "webtransport error");
    try {
      const session = this._session = new globalThis.WebTransport(
        // There is none without TLS, and the stream says what a query would.
        this._url("http", false).replace(/\?.*/, "").replace(/^http:(\/\/[^\/]*?)(:80)?\//, "https:$1/"),
        this._options.transportOptions?.[this.name]
      );
      session.closed.then(
        (info) => this._sink._closed({ description: "webtransport connection closed", context: info }),
        failed
      );
      await session.ready;
      const stream = await session.createBidirectionalStream();
      this._writer = stream.writable.getWriter();
      void this._read(stream.readable.getReader());
      await this._frame({ type: "open", data: this.sid && JSON.stringify({ sid: this.sid }) });
      this.writable = true;
      this._sink._opened();
    } catch (err) {
      await void 0;
      failed(err);
    }
  }
  async _write(packets) {
    try {
      for (const p of packets) await this._frame(p);
      this.writable = true;
      this._sink._drained();
    } catch (err) {
      this._fail(err, "webtransport error");
    }
  }
  async _frame(p) {
    const binary = !isText(p.data) && await bytes(p.data);
    const data = binary && binary.length ? binary : new TextEncoder().encode(await encodeRecord(p));
    const n = data.length;
    const more = n < length16 ? 0 : n < 65536 ? 2 : 8;
    const frame = new Uint8Array(1 + more + n);
    const view = new DataView(frame.buffer);
    frame[0] = (data === binary ? binaryBit : 0) | (more > 2 ? length64 : more ? length16 : n);
    if (more > 2) view.setBigUint64(1, BigInt(n));
    else if (more) view.setUint16(1, n);
    frame.set(data, 1 + more);
    return this._writer.write(frame);
  }
  /** Reads frames to the end. */
  async _read(reader) {
    let rest = new Uint8Array(0);
    const take = async (n) => {
      const chunks = [rest];
      for (let have = rest.length; have < n; ) {
        const { value, done: done2 } = await reader.read();
        if (done2) return new Promise(() => {
        });
        chunks.push(value);
        have += value.length;
      }
      if (chunks.length > 1) rest = new Uint8Array(await new Blob(chunks).arrayBuffer());
      const taken = rest.slice(0, n);
      rest = rest.subarray(n);
      return taken;
    };
    try {
      for (; ; ) {
        const head = (await take(1))[0];
        let n = head & 127;
        if (n === length16) n = new DataView((await take(2)).buffer).getUint16(0);
        else if (n === length64) n = Number(new DataView((await take(8)).buffer).getBigUint64(0));
        if (!n || n > this._limit) throw malformed();
        const data = await take(n);
        this._take(
          () => head & binaryBit ? { type: "message", data: data.buffer } : decodeText(new TextDecoder().decode(data))
        );
      }
    } catch (err) {
      this._fail(err);
    }
  }
};

// src/engineio/transports.ts
var builtin = [Polling, WebSocketTransport, WebTransportTransport];
var headStart = 200;
function begin(candidate, all) {
  if (candidate instanceof WebTransportTransport || !all.includes(WebTransportTransport)) return candidate.open();
  const timer = setTimeout(() => candidate.open(), headStart);
  return () => clearTimeout(timer);
}

// src/engineio/upgrade.ts
function upgrade(conn, candidate, better) {
  const cancel = () => {
    stop?.();
    candidate.close();
  };
  const fail = (message, why) => {
    cancel();
    conn._stay(new TransportError(message, why), candidate);
  };
  candidate._sink = {
    _opened: () => candidate.send([{ type: "ping", data: "probe" }]),
    _packet(p) {
      if (p.type !== "pong" || p.data !== "probe") return fail("probe error");
      conn._pause(candidate, () => {
        candidate.send([{ type: "upgrade" }]);
        conn._move(candidate);
      });
    },
    _drained() {
    },
    _closed: (why) => fail("probe error: " + (why instanceof Error ? why : "transport closed"), why)
  };
  const stop = begin(candidate, better);
  return cancel;
}

// src/engineio/conn.ts
var maxRecords = 16384;
var maxOwed = 32768;
var longest = 2147483647;
var upgradedBefore = false;
var Conn = class extends Emitter {
  constructor(url, opts = {}) {
    super();
    this.readyState = "opening";
    /** Packets that no transport has taken, or taken and not yet sent. */
    this.writeBuffer = [];
    this._owed = 0;
    /** How to give up on each transport that is being probed. */
    this._upgrades = /* @__PURE__ */ new Map();
    this._deadline = Infinity;
    /** Ends what listens to the page. */
    this._unwatch = [];
    this.opts = opts;
    this._clock = clock(opts);
    const to = target(url || address(opts));
    this.hostname = to._host;
    this.secure = opts.secure ?? isSecure(to._protocol);
    this.port = String(!url && opts.port || to._port);
    const query = opts.query || to._query || {};
    this._classes = (opts.transports || builtin).map((t) => typeof t === "string" ? named(builtin, t) : t).filter((c) => !!c && c.available(opts));
    this._base = {
      ...opts,
      hostname: this.hostname,
      port: this.port,
      secure: this.secure,
      cookies: cookieJar(opts),
      path: (opts.path || "/engine.io").replace(/\/$/, "") + (opts.addTrailingSlash === false ? "" : "/"),
      query: typeof query === "string" ? parseQuery(query) : query
    };
    const undo = this._unwatch;
    undo.push(seen(() => this._checkLate()));
    if (this.hostname !== "localhost") {
      undo.push(listen("offline", () => this._end("transport close", { description: "network connection lost" })));
    }
    if (this.opts.closeOnBeforeunload) undo.push(listen("beforeunload", () => this.transport?.close()));
    const again = opts.rememberUpgrade && upgradedBefore && named(this._classes, "websocket");
    const first = again || this._classes[0];
    if (first) this._start(first);
    else queueMicrotask(() => this._lost(new TransportError("No transports available")));
  }
  /** Sends a message; returns at once. fn is called when a transport has taken it. */
  send(data, options, fn) {
    this._queue({ type: "message", data, options });
    if (fn) this.once("flush", fn);
    return this;
  }
  write(data, options, fn) {
    return this.send(data, options, fn);
  }
  /** Whether a packet sent now would leave at once. */
  get _idle() {
    return this.readyState === "open" && !this._moving && !this.writeBuffer.length && this.transport._idle;
  }
  /**
   * Whether the server has been silent for too long; if so, closes, a moment later. The timer alone can't tell: it
   * stands still while a laptop sleeps and is throttled in a hidden tab, and what is sent on such a connection would be
   * lost.
   */
  _checkLate() {
    const late = Date.now() > this._deadline;
    if (late) queueMicrotask(() => this._end("ping timeout"));
    return late;
  }
  /** Counts what was sent because the server asked: one that asks on and on and reads nothing is left. */
  _owe() {
    this._owed = this._idle ? 0 : this._owed + 1;
    if (this._owed > maxOwed) this._lost(new TransportError("server error"));
  }
  /** Closes the session once all that was sent has left and a running upgrade is over. */
  close() {
    if (this.readyState === "opening") this._end("forced close");
    else if (this.readyState === "open") {
      this.readyState = "closing";
      this._finish();
    }
    return this;
  }
  // What the transport tells.
  _opened() {
  }
  _packet(p) {
    if (this.readyState === "closed") return;
    this._fire("packet", p);
    if (!this._silence) {
      this._handshake(p);
    } else if (p.type === "ping") {
      this._beat();
      this._fire("heartbeat");
      this._fire("ping");
      this._queue({ type: "pong", data: p.data });
      this._owe();
      this._fire("pong");
    } else if (p.type === "message") {
      const data = isText(p.data) ? p.data || "" : received(p.data, this.binaryType);
      this._fire("data", data);
      this._fire("message", data);
    } else if (p.type === "close") {
      this._end("transport close", { description: "transport closed" });
    }
  }
  _drained() {
    this.writeBuffer.splice(0, this._inFlight);
    this._inFlight = 0;
    if (this.writeBuffer.length) this._flush();
    else this._fire("drain");
    this._finish();
  }
  _closed(why) {
    if (why instanceof Error) this._lost(why);
    else this._end("transport close", why);
  }
  // What an upgrade asks for.
  _pause(candidate, ready) {
    const polling = this.transport;
    if (this._moving || !(polling instanceof Polling)) return;
    this._moving = true;
    for (const [other, cancel] of this._upgrades) if (other !== candidate) cancel();
    this._fire("upgrading", candidate);
    polling._pause(ready);
  }
  _move(candidate) {
    this._upgrades.clear();
    candidate._sink = this;
    this.transport = candidate;
    upgradedBefore = candidate.name === "websocket";
    this._moving = false;
    this._fire("upgrade", candidate);
    this._flush();
    this._finish();
  }
  _stay(err, candidate) {
    this._upgrades.delete(candidate);
    if (this._moving) {
      this._moving = false;
      this.transport._resume();
      this._flush();
    }
    this._fire("upgradeError", err);
    this._finish();
  }
  _start(c) {
    this.transport = this._make(c);
    this.transport.open();
  }
  _make(c) {
    return new c({ ...this._base, ...this.opts.transportOptions?.[c.prototype.name] }, this);
  }
  _handshake(p) {
    let h;
    try {
      h = p.type === "open" && JSON.parse(p.data);
    } catch {
    }
    const ok = h && h.sid && typeof h.sid === "string" && Array.isArray(h.upgrades) && h.pingInterval > 0 && h.pingTimeout > 0 && !(h.maxPayload <= 0);
    if (!h || !ok) return this._lost(new TransportError("server error", malformed()));
    this.id = this.transport.sid = h.sid;
    this._maxPayload = h.maxPayload || Infinity;
    this._silence = Math.min(h.pingInterval + h.pingTimeout, longest);
    this._beat();
    this.readyState = "open";
    upgradedBefore = this.transport.name === "websocket";
    this._fire("handshake", h);
    this._fire("open");
    this._flush();
    if (this.opts.upgrade !== false && this.transport instanceof Polling) this._probe(h.upgrades);
  }
  /** The server gave a sign of life. */
  _beat() {
    this._clock.clearTimeout(this._silenceTimer);
    this._deadline = Date.now() + this._silence;
    this._silenceTimer = this._clock.setTimeout(() => this._end("ping timeout"), this._silence);
  }
  _probe(offered) {
    if (this.readyState !== "open") return;
    const better = this._classes.filter((c) => c !== Polling && offered.includes(c.prototype.name));
    for (const c of better) {
      const candidate = this._make(c);
      candidate.sid = this.id;
      this._upgrades.set(candidate, upgrade(this, candidate, better));
    }
  }
  _queue(p) {
    if (this.readyState === "closing" || this.readyState === "closed") return;
    this._fire("packetCreate", p);
    this.writeBuffer.push(p);
    if (this._flushing) return;
    this._flushing = true;
    queueMicrotask(() => {
      this._flushing = false;
      this._flush();
    });
  }
  _flush() {
    const s = this.readyState;
    if (s === "opening" || s === "closed" || this._moving || this._inFlight || !this.transport.writable) return;
    const packets = this._batch();
    if (!packets.length) return;
    this._inFlight = packets.length;
    this.transport.send(packets);
    this._fire("flush");
  }
  /** As many packets as one send may carry; over polling a POST must stay under maxPayload. */
  _batch() {
    const all = this.writeBuffer;
    if (all.length < 2 || !(this.transport instanceof Polling)) return all.slice();
    let size = 0;
    let n = 0;
    while (n < all.length && n < maxRecords) {
      size += recordSize(all[n]) + (n ? 1 : 0);
      if (n && size > this._maxPayload) break;
      n++;
    }
    return all.slice(0, n);
  }
  _finish() {
    if (this.readyState === "closing" && !this._moving && !this.writeBuffer.length) this._end("forced close");
  }
  _lost(err) {
    if (this.readyState === "closed") return;
    upgradedBefore = false;
    if (this.readyState === "opening" && this.opts.tryAllTransports) {
      this._classes = this._classes.filter((c) => c.prototype.name !== this.transport.name);
      if (this._classes.length) {
        this.transport.close();
        this._start(this._classes[0]);
        return;
      }
    }
    this._fire("error", err);
    this._end("transport error", err);
  }
  _end(reason, details) {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this._clock.clearTimeout(this._silenceTimer);
    this._deadline = Infinity;
    for (const end of this._unwatch) end();
    for (const cancel of this._upgrades.values()) cancel();
    this.transport?.close();
    this.id = void 0;
    this._fire("close", reason, details);
    this.writeBuffer = [];
    this._inFlight = 0;
  }
  /** Notices at once what else would take a ping timeout: no network, a page that is left or was asleep. */
};
function named(classes, name) {
  return classes.find((c) => c.prototype.name === name);
}
function address(o) {
  const page = globalThis.location;
  const host = o.hostname || o.host || (page ? "" : "localhost");
  const scheme = o.secure ? "https:" : page && o.secure === void 0 ? "" : "http:";
  return host && scheme + "//" + authority(host, "").slice(0, -1);
}

// src/binary.ts
function isBinary(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob;
}
function isObject(value) {
  return !!value && typeof value === "object";
}
function takeApart(data) {
  const attachments = [];
  const json = JSON.stringify(data, function(key, value) {
    const original = this[key];
    return isBinary(original) ? { _placeholder: true, num: attachments.push(original) - 1 } : value;
  });
  return { json, attachments };
}
function putTogether(json, count, attachments = []) {
  const named2 = /* @__PURE__ */ new Set();
  const data = JSON.parse(json, (_, value) => {
    if (!value || value._placeholder !== true) return value;
    const { num } = value;
    const fits = Number.isInteger(num) && num >= 0 && num < count && !named2.has(num);
    if (!fits || Object.values(value).some(isObject)) throw malformed();
    named2.add(num);
    return attachments[num] ?? value;
  });
  if (named2.size !== count) throw malformed();
  return data;
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
  constructor(_limit = defaultAttachments) {
    this._limit = _limit;
  }
  /** Throws what JSON.stringify throws, and on too many attachments, which the server would answer by closing. */
  encode(p) {
    let type = p.type;
    let json = p.data === void 0 ? "" : void 0;
    let attachments = [];
    if (type === 2 /* EVENT */ || type === 3 /* ACK */) {
      ({ json, attachments } = takeApart(p.data));
      if (attachments.length > this._limit) throw new Error("too many attachments");
      if (attachments.length) type += 5 /* BINARY_EVENT */ - 2 /* EVENT */;
    }
    const head = type + (attachments.length ? attachments.length + "-" : "") + (p.nsp === "/" ? "" : p.nsp + ",") + (p.id === void 0 ? "" : p.id);
    return [head + (json ?? JSON.stringify(p.data)), ...attachments];
  }
};
var Decoder = class extends Emitter {
  /** limit: attachments of one packet; no more are ever kept. */
  constructor(_limit = defaultAttachments) {
    super();
    this._limit = _limit;
    this._attachments = [];
  }
  /** Takes a frame. Throws on every mistake of the peer; the decoder is of no use after that. */
  add(frame) {
    if (typeof frame === "string") {
      if (this._pending) throw malformed();
      const packet2 = this._text(frame);
      if (packet2) this.emit("decoded", packet2);
      return;
    }
    if (!this._pending) throw malformed();
    const { packet, count, json } = this._pending;
    if (this._attachments.push(frame) < count) return;
    packet.data = putTogether(json, count, this._attachments);
    this.destroy();
    this.emit("decoded", packet);
  }
  /** Forgets a packet whose attachments did not come. */
  destroy() {
    this._pending = void 0;
    this._attachments = [];
  }
  _text(text) {
    const m = /^([0-6])(?:(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?/.exec(text);
    if (!m) throw malformed();
    if (m[4] && !Number.isSafeInteger(+m[4])) throw malformed();
    const binary = +m[1] >= 5 /* BINARY_EVENT */;
    const type = +m[1] - (binary ? 5 /* BINARY_EVENT */ - 2 /* EVENT */ : 0);
    const packet = { type, nsp: m[3] || "/" };
    if (m[4]) packet.id = +m[4];
    const json = text.slice(m[0].length);
    if (!binary) {
      if (m[2]) throw malformed();
      packet.data = json ? JSON.parse(json) : void 0;
      check(packet);
      return packet;
    }
    const count = +m[2];
    if (!(count > 0)) throw malformed();
    if (count > this._limit) throw new Error("too many attachments");
    packet.data = putTogether(json, count);
    check(packet);
    this._pending = { packet, count, json };
    return void 0;
  }
};
function check({ type, data }) {
  const object = isObject(data) && !Array.isArray(data);
  const ok = type === 0 /* CONNECT */ ? data === void 0 || object : type === 1 /* DISCONNECT */ ? data === void 0 : type === 4 /* CONNECT_ERROR */ ? object && !isObject(data.message) || typeof data === "string" : Array.isArray(data) && (type === 3 /* ACK */ || typeof data[0] === "number" || typeof data[0] === "string" && !isReserved(data[0]));
  if (!ok) throw malformed();
}

// src/ack.ts
var Acks = class {
  constructor(_clock, _call) {
    this._clock = _clock;
    this._call = _call;
    this._waiting = /* @__PURE__ */ new Map();
  }
  /** Waits for an answer; with a timeout in ms, expired is called before fn gets its error. */
  _add(id, fn, withError, timeout, expired) {
    const w = { _fn: fn, _withError: withError || timeout !== void 0 };
    if (timeout !== void 0) {
      w._timer = this._clock.setTimeout(() => {
        expired();
        this._fail(id, "operation has timed out");
      }, timeout);
    }
    this._waiting.set(id, w);
  }
  /** The answer has come. One that nobody waits for is ignored. */
  _answer(id, args) {
    const w = this._take(id);
    if (w) this._call(w._fn, w._withError ? [null, ...args] : args);
  }
  /** There will be no answer: who takes an error gets it, any other function is forgotten. */
  _fail(id, reason) {
    const w = this._take(id);
    if (w?._withError) this._call(w._fn, [new Error(reason)]);
  }
  /** Fails all but the ids in keep. */
  _failAll(keep, reason) {
    for (const id of [...this._waiting.keys()]) if (!keep.has(id)) this._fail(id, reason);
  }
  _take(id) {
    const w = this._waiting.get(id);
    this._waiting.delete(id);
    this._clock.clearTimeout(w?._timer);
    return w;
  }
};

// src/offline.ts
var day = 864e5;
function limit(o) {
  return o.maxBuffered ?? (o.offline ? 1e3 : Infinity);
}
function kept({ _opts: o, _retry, io: io2 }, p, expired) {
  if (_retry && expired) return;
  const ttl = o.bufferTTL ?? (o.offline ? day : Infinity);
  if (expired && ttl < Infinity) p._expiry = io2._clock.setTimeout(expired, Math.min(ttl, 2 ** 31 - 1));
  o.offline?.kept(p, ttl);
}
function gone({ _opts: o, _retry, io: io2 }, p, answered) {
  if (_retry && !answered) return;
  io2._clock.clearTimeout(p._expiry);
  o.offline?.gone(p);
}
function restore(socket) {
  void socket._opts.offline?.restore(socket);
}

// src/offset.ts
var shape = /^[\w-]{7,}(\.\d+)?$/;
var counter = /[.-]\d+$/;
var Offset = class {
  /** Begins a session, with the server's first offset where it sends one. */
  _start(first) {
    this._value = typeof first === "string" ? first : void 0;
  }
  /** Notes the last argument of an event that asked for no acknowledgement; only such events are stored. */
  _note(last) {
    if (typeof last === "string" && shape.test(last) && alike(last, this._value ?? last)) this._value = last;
  }
};
function alike(a, b) {
  return a[0] === b[0] && a.replace(counter, "").length === b.replace(counter, "").length;
}

// src/retry.ts
var RetryQueue = class {
  /**
   * retries: tries after the first. send sends a packet and calls answered with the outcome, at the latest when the
   * socket is disconnected; ready tells whether it would leave now.
   */
  constructor(_retries, _send, _ready) {
    this._retries = _retries;
    this._send = _send;
    this._ready = _ready;
    this._entries = [];
  }
  get _length() {
    return this._entries.length;
  }
  /** Queues a packet; done is called with an error once all tries have failed, else with null and the answer. */
  _add(packet, timeout, done2) {
    const entry = { _packet: packet, _timeout: timeout, _tries: 0, _sent: false, _answered: answered };
    const queue = this;
    function answered(err, ...answer) {
      if (entry !== queue._entries[0]) return;
      if (err && entry._tries <= queue._retries) {
        entry._sent = false;
      } else {
        queue._entries.shift();
        done2(err, ...answer);
      }
      queue._drain();
    }
    this._entries.push(entry);
    this._drain();
  }
  /** Sends the first packet, unless it is under way; after a reconnection it is sent again in any case. */
  _drain(again = false) {
    const entry = this._entries[0];
    if (!entry || !this._ready() || entry._sent && !again) return;
    entry._sent = true;
    entry._tries++;
    this._send(entry._packet, entry._timeout, entry._answered);
  }
};

// src/socket.ts
var eventWeight = 800;
var Socket = class extends Emitter {
  /** Sockets are made by io() and manager.socket(). */
  constructor(io2, nsp, _opts = {}) {
    super();
    this.io = io2;
    this._opts = _opts;
    this.connected = false;
    /** Whether the last connection continued the session before it, nothing missed. */
    this.recovered = false;
    /** Events that came before the connection was complete. */
    this.receiveBuffer = [];
    /** Events emitted while disconnected. */
    this.sendBuffer = [];
    /** The weight of the events that came before the answer. */
    this._early = 0;
    /** Counts connections: what belongs to an earlier one is stale. */
    this._epoch = 0;
    this._flags = {};
    this._ids = 0;
    this._offset = new Offset();
    this._anyIn = [];
    this._anyOut = [];
    this.nsp = nsp;
    this.auth = _opts.auth;
    this._acks = new Acks(io2._clock, (fn, args) => this._guard(fn, args));
    if (_opts.retries) {
      this._retry = new RetryQueue(
        _opts.retries,
        (p, timeout, answered) => this._post(p, { timeout }, answered, true),
        () => this.connected && !this._flushing
      );
    }
    restore(this);
  }
  get disconnected() {
    return !this.connected;
  }
  /** Whether the socket is connected or will be without more ado. */
  get active() {
    return !!this._wanted;
  }
  connect() {
    if (this.connected || this._wanted && this._asking) return this;
    if (!this._wanted) this._tried = false;
    this._wanted = true;
    this.io._want(this);
    return this;
  }
  open() {
    return this.connect();
  }
  /** Leaves the namespace, for good; the last socket to go closes the connection. */
  disconnect() {
    const connected = this.connected;
    if (connected) this.io._send(this._encoded({ type: 1 /* DISCONNECT */, nsp: this.nsp }));
    this._release();
    if (connected) this._down("io client disconnect");
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
    const flags = this._flags;
    this._flags = {};
    if (isReserved(event)) throw new Error('"' + event + '" is a reserved event name');
    const data = [event, ...args];
    const fn = typeof data[data.length - 1] === "function" ? data.pop() : void 0;
    const retry = flags.volatile ? void 0 : this._retry;
    const p = this._encoded({ type: 2 /* EVENT */, nsp: this.nsp, data, id: fn || retry ? this._ids++ : void 0 });
    p.compress = flags.compress;
    if (!retry) {
      this._post(p, flags, fn);
    } else {
      const done2 = (...answer) => {
        gone(this, p, true);
        if (fn) this._guard(fn, answer);
      };
      if (retry._length < limit(this._opts)) {
        kept(this, p);
        retry._add(p, flags.timeout, done2);
      } else {
        done2(new Error(bufferFull));
      }
    }
    return this;
  }
  /** Sends an event and resolves to the first value of the answer; rejects on a timeout or a disconnect. */
  emitWithAck(event, ...args) {
    return new Promise((resolve, reject) => {
      const done2 = (err, value) => err ? reject(err) : resolve(value);
      done2.withError = true;
      this.emit(event, ...[...args, done2]);
    });
  }
  /** emit("message", …). */
  send(...args) {
    return this.emit("message", ...args);
  }
  /** The next emit's acknowledgement takes an error first, which comes after ms without an answer. */
  timeout(ms) {
    this._flags.timeout = ms;
    return this;
  }
  /** The next emit is dropped if it can't leave at once. */
  get volatile() {
    this._flags.volatile = true;
    return this;
  }
  /** Whether to compress the next emit, where the transport leaves the choice; browsers do not. */
  compress(compress) {
    this._flags.compress = compress;
    return this;
  }
  /** fn hears every event that comes, before its own listeners. */
  onAny(fn) {
    this._anyIn = this._anyIn.concat(fn);
    return this;
  }
  prependAny(fn) {
    this._anyIn = [fn, ...this._anyIn];
    return this;
  }
  offAny(fn) {
    this._anyIn = without(this._anyIn, fn);
    return this;
  }
  listenersAny() {
    return this._anyIn;
  }
  /** fn hears every event that is sent. */
  onAnyOutgoing(fn) {
    this._anyOut = this._anyOut.concat(fn);
    return this;
  }
  prependAnyOutgoing(fn) {
    this._anyOut = [fn, ...this._anyOut];
    return this;
  }
  offAnyOutgoing(fn) {
    this._anyOut = without(this._anyOut, fn);
    return this;
  }
  listenersAnyOutgoing() {
    return this._anyOut;
  }
  // What the manager tells a socket that takes part.
  /** @internal The connection stands: ask for the namespace. */
  _opened(transport) {
    if (this.connected || this._asking) return;
    this._asking = true;
    this._early = 0;
    this.receiveBuffer = [];
    const epoch = ++this._epoch;
    this._fire("connecting", transport);
    const ask = (data) => {
      if (!this._asking || epoch !== this._epoch) return;
      if (this._pid) data = { pid: this._pid, offset: this._offset._value, ...data };
      if (this._retry) data = { resends: true, ...data };
      this.io._send(this._encoded({ type: 0 /* CONNECT */, nsp: this.nsp, data }));
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
    this._asking = false;
    if (this.connected) return;
    let heard = this._fire("connect_error", err);
    if (!this._tried) heard = this._fire("connect_failed", err) || heard;
    this._tried = true;
    if (!heard && !this.io.hasListeners("error") && !this.io.hasListeners("reconnect_error")) this._fire("error", err);
  }
  /** @internal The connection is gone. */
  _lost(reason, details) {
    if (this.connected) this._down(reason, details);
    else if (this._asking) this._refused(details instanceof Error ? details : new Error(reason));
  }
  /** @internal A packet for this namespace came. */
  _receive(p, weight = 0) {
    const data = p.data;
    switch (p.type) {
      case 0 /* CONNECT */:
        if (this.connected) return;
        if (data && data.sid && typeof data.sid === "string") this._up(data);
        else this._refused(new Error(oldServer));
        return;
      case 4 /* CONNECT_ERROR */:
        if (this.connected) return;
        this._release();
        this._refused(Object.assign(new Error(data.message ?? data), { data: data.data }));
        return;
      case 1 /* DISCONNECT */:
        this._release();
        if (this.connected) this._down("io server disconnect");
        return;
      case 2 /* EVENT */:
      case 5 /* BINARY_EVENT */:
        if (p.id !== void 0) data.push(this._answer(p.id));
        if (this.connected) this._dispatch(data);
        else {
          this.receiveBuffer.push(data);
          this._early += weight + eventWeight;
          if (this._early > maxWeight) {
            this._pid = void 0;
            this.receiveBuffer = [];
            this.io._broken(new Error("too many events"));
          }
        }
        return;
      default:
        this._acks._answer(p.id, data);
    }
  }
  /** Errors of listeners go to the listeners of error, if there are any. */
  _failed(err) {
    if (this._failing || !this.hasListeners("error")) {
      super._failed(err);
      return;
    }
    this._failing = true;
    this._fire("error", err);
    this._failing = false;
  }
  _release() {
    this._wanted = this._asking = false;
    this._epoch++;
    this.io._release();
  }
  _up({ sid, pid, offset }) {
    this.id = sid;
    this.recovered = !!pid && pid === this._pid;
    this._pid = typeof pid === "string" ? pid : void 0;
    if (!this.recovered) this._offset._start(offset);
    this.connected = this._flushing = true;
    this._asking = false;
    this._tried = true;
    const epoch = this._epoch;
    while (epoch === this._epoch && this.receiveBuffer.length) this._dispatch(this.receiveBuffer.shift());
    while (epoch === this._epoch && this.sendBuffer.length) {
      const p = this.sendBuffer.shift();
      gone(this, p);
      this._transmit(p);
    }
    this._flushing = false;
    if (epoch !== this._epoch) return;
    this._retry?._drain(true);
    this._fire("connect");
  }
  _down(reason, details) {
    this.connected = this._asking = false;
    this.id = void 0;
    this._epoch++;
    this._fire("disconnect", reason, details);
    this._acks._failAll(new Set(this.sendBuffer.map((p) => p.id)), "socket has been disconnected");
  }
  _encoded(p) {
    return { ...p, _frames: this.io.encoder.encode(p) };
  }
  /** Sends a packet, keeps it for later, or drops it. fn waits for its answer. */
  _post(p, flags, fn, withError = !!fn?.withError) {
    const ready = this.connected && !this._flushing && !this.io.engine._checkLate();
    const dropped = flags.volatile && !(ready && this.io.engine._idle);
    const timeout = flags.timeout ?? this._opts.ackTimeout;
    if (fn && (!dropped || withError || timeout !== void 0)) {
      this._acks._add(p.id, fn, withError, timeout, () => this._unkeep(p));
    }
    if (dropped) return;
    if (ready) this._transmit(p);
    else this._buffer(p);
  }
  _transmit(p) {
    this.io._send(p);
    for (const fn of this._anyOut) this._guard(fn, p.data);
  }
  _buffer(p) {
    this.sendBuffer.push(p);
    kept(this, p, () => this._drop(p, "the event has expired"));
    while (this.sendBuffer.length > limit(this._opts)) {
      const { length } = this.sendBuffer;
      this._drop(this.sendBuffer[this._opts.dropPolicy === "newest" ? length - 1 : 0], bufferFull);
    }
  }
  _drop(p, why) {
    this._unkeep(p);
    this._acks._fail(p.id, why);
  }
  _unkeep(p) {
    this.sendBuffer = this.sendBuffer.filter((other) => other !== p);
    gone(this, p);
  }
  /** The function with which a listener answers an event: once, and only on the connection that asked. */
  _answer(id) {
    let epoch = this._epoch;
    return (...args) => {
      if (epoch !== this._epoch) return;
      const p = this._encoded({ type: 3 /* ACK */, nsp: this.nsp, id, data: args });
      epoch = void 0;
      this.io._send(p);
      this.io.engine._owe();
    };
  }
  _dispatch(data) {
    for (const fn of this._anyIn) this._guard(fn, data);
    if (this._opts.anything) this._fire("anything", ...data);
    const [event, ...args] = data;
    this._fire(String(event), ...args);
    if (this._pid && typeof args[args.length - 1] !== "function") this._offset._note(args[args.length - 1]);
  }
};
var bufferFull = "the buffer is full";
var oldServer = "It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client";
function without(list, fn) {
  if (!fn) return [];
  const at = list.indexOf(fn);
  return list.filter((_, i) => i !== at);
}

// src/wait.ts
function wait(clock2, ms, early, fn) {
  const go = () => {
    stop();
    fn();
  };
  const timer = clock2.setTimeout(go, ms);
  const undo = early ? [listen("online", go), seen(go)] : [];
  const stop = () => {
    clock2.clearTimeout(timer);
    for (const end of undo) end();
  };
  return stop;
}

// src/manager.ts
var maxWeight = 8388608;
var Manager2 = class extends Emitter {
  constructor(uri, opts) {
    super();
    /** The sockets by namespace, active or not. */
    this.nsps = /* @__PURE__ */ Object.create(null);
    this._state = "closed";
    /** The length of what came since the last whole packet; what a parser of the program keeps is its own affair. */
    this._weight = 0;
    if (typeof uri === "object") {
      opts = uri;
      uri = void 0;
    }
    const o = { ...opts };
    this.opts = o;
    this.uri = uri;
    o.path = o.path || "/socket.io";
    o.reconnection = o.reconnection !== false;
    o.reconnectionAttempts = o.reconnectionAttempts || Infinity;
    o.timeout = o.timeout ?? 2e4;
    this._clock = clock(o);
    this.backoff = new Backoff({
      min: o.reconnectionDelay,
      max: o.reconnectionDelayMax,
      jitter: o.randomizationFactor ?? 0.5
    });
    this.encoder = o.parser ? new o.parser.Encoder() : new Encoder(o.maxAttachments);
    this.decoder = o.parser ? new o.parser.Decoder() : new Decoder(o.maxAttachments);
    this.decoder.on("decoded", (p) => this._route(p));
    if (o.autoConnect !== false) this.open();
  }
  reconnection(v) {
    if (v === false) this._stopped = true;
    return this._setting(this.opts, "reconnection", v);
  }
  reconnectionAttempts(v) {
    return this._setting(this.opts, "reconnectionAttempts", v);
  }
  reconnectionDelay(v) {
    return this._setting(this.backoff, "min", v);
  }
  randomizationFactor(v) {
    return this._setting(this.backoff, "jitter", v);
  }
  reconnectionDelayMax(v) {
    return this._setting(this.backoff, "max", v);
  }
  timeout(v) {
    return this._setting(this.opts, "timeout", v);
  }
  /**
   * Connects, unless that is done or under way. fn is called with the outcome of this attempt; without it a failure
   * starts the reconnection.
   */
  open(fn) {
    if (this._state !== "closed") return this;
    this._state = "opening";
    this._stopped = false;
    const engine = this.engine = new Conn(this.uri, this.opts);
    const failed = (err) => {
      this._detach?.();
      engine.close();
      this._state = "closed";
      this._each((s) => s._refused(err));
      this._fire("error", err);
      if (fn) fn(err);
      else if (this.opts.reconnection && this.backoff.attempts === 0) this._reconnect();
    };
    const { timeout } = this.opts;
    const timer = timeout === false ? void 0 : this._clock.setTimeout(() => failed(new Error("timeout")), timeout);
    const opening = attach(engine, {
      open: () => {
        this._detach?.();
        if (!fn) this._giveUpWaiting();
        this._opened(engine);
        if (this._state === "open") fn?.();
      },
      error: failed,
      close: (reason, details) => failed(Object.assign(new Error(reason), details))
    });
    this._detach = () => {
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
    if (this._state === "open") {
      queueMicrotask(() => {
        if (this._state === "open" && socket.active) socket._opened(this.engine.transport.name);
      });
    } else if (!this._reconnecting) {
      this.open();
    }
  }
  /** @internal A socket was left; after the last one the connection is closed. */
  _release() {
    let active = false;
    this._each(() => active = true);
    if (!active) this._close();
  }
  /** @internal Sends an encoded packet. */
  _send(p) {
    for (const frame of p._frames) this.engine.send(frame, { compress: p.compress !== false });
  }
  /** @internal The server does not keep to the protocol. */
  _broken(err) {
    this._each((s) => s._fire("error", err));
    this._closed("parse error", err);
  }
  /** Closes the connection without reconnecting. */
  _close() {
    this._stopped = true;
    this._giveUpWaiting();
    this._closed("forced close");
  }
  _setting(of, name, v) {
    if (v === void 0) return of[name];
    of[name] = v;
    return this;
  }
  _opened(engine) {
    this._state = "open";
    this._detach = attach(engine, {
      ping: () => this._fire("ping"),
      data: (frame) => {
        try {
          this._weight += this.opts.parser ? 0 : frame.length ?? frame.byteLength ?? frame.size;
          this.decoder.add(frame);
          if (this._weight > maxWeight) throw malformed();
        } catch (err) {
          this._broken(err);
        }
      },
      error: (err) => {
        this._fire("error", err);
      },
      close: (reason, details) => this._closed(reason, details)
    });
    this._each((s) => {
      if (this._state === "open") s._opened(engine.transport.name);
    });
    this._fire("open");
  }
  _route(p) {
    const weight = this._weight;
    this._weight = 0;
    const socket = this.nsps[p.nsp];
    if (socket?.active) socket._receive(p, weight);
    this._fire("packet", p);
  }
  _closed(reason, details) {
    if (this._state === "closed" && reason !== "forced close") return;
    this._detach?.();
    this.engine?.close();
    this.decoder.destroy();
    this._state = "closed";
    this.backoff.reset();
    this._weight = 0;
    this._each((s) => s._lost(reason, details));
    this._fire("close", reason, details);
    if (this.opts.reconnection && !this._stopped) this._reconnect();
  }
  _reconnect() {
    if (this._reconnecting || this._stopped) return;
    if (this.backoff.attempts >= this.opts.reconnectionAttempts) {
      this.backoff.reset();
      this._fire("reconnect_failed");
      this._each((s) => s._fire("reconnect_failed"));
      return;
    }
    const delay = this.backoff.duration();
    this._reconnecting = true;
    this._stopWaiting = wait(this._clock, delay, this.opts.reconnectOnline, () => this._attempt(delay));
  }
  _giveUpWaiting() {
    this._reconnecting = false;
    this._stopWaiting?.();
    this.backoff.reset();
  }
  _attempt(delay) {
    const n = this.backoff.attempts;
    const needless = () => this._stopped || this._state !== "closed";
    if (!needless()) {
      this._fire("reconnect_attempt", n);
      this._each((s) => s._fire("reconnecting", delay, n));
    }
    if (needless()) {
      this._reconnecting = false;
      return;
    }
    this.open((err) => {
      this._reconnecting = false;
      if (err) {
        this._reconnect();
        this._fire("reconnect_error", err);
        return;
      }
      this.backoff.reset();
      this._fire("reconnect", n);
      this._each((s) => s._fire("reconnect", this.engine.transport.name, n));
    });
  }
  /** The sockets that take part. */
  _each(fn) {
    for (const socket of Object.values(this.nsps)) if (socket.active) fn(socket);
  }
};
function attach(engine, listeners) {
  const all = Object.entries(listeners);
  for (const [event, fn] of all) engine.on(event, fn);
  return () => {
    for (const [event, fn] of all) engine.off(event, fn);
  };
}

// src/io.ts
var managers = /* @__PURE__ */ Object.create(null);
function lookup(url, opts = {}) {
  if (typeof url === "object") {
    opts = url;
    url = void 0;
  }
  const to = target(url, opts.path || "/socket.io");
  const cached = managers[to._id];
  const own = opts.forceNew || opts["force new connection"] || opts.multiplex === false || cached && to._path in cached.nsps;
  let manager = cached;
  if (own || !cached) {
    manager = new Manager2(to._href, { ...opts, query: opts.query || to._query });
    if (!own) managers[to._id] = manager;
  }
  return manager.socket(to._path, opts);
}
var io = /* @__PURE__ */ Object.assign(lookup, { io: lookup, connect: lookup, Manager: Manager2, Socket, protocol });

// src/offline/storage.ts
function indexedDBStorage(name = "socketio-offline") {
  const store = "events";
  let opened;
  const open = () => opened ?? (opened = done(
    (() => {
      const request2 = indexedDB.open(name, 1);
      request2.onupgradeneeded = () => request2.result.createObjectStore(store, { keyPath: "id" });
      return request2;
    })()
  ).catch((err) => {
    opened = void 0;
    throw err;
  }));
  const events = async (mode) => (await open()).transaction(store, mode).objectStore(store);
  return {
    load: async () => done((await events("readonly")).getAll()),
    put: async (event) => void await done((await events("readwrite")).put(event)),
    remove: async (id) => done((await events("readwrite")).delete(id))
  };
}
function done(request2) {
  return new Promise((resolve, reject) => {
    request2.onsuccess = () => resolve(request2.result);
    request2.onerror = () => reject(request2.error);
  });
}
function webStorage(storage = localStorage, prefix2 = "socketio-offline:") {
  return {
    async load() {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)).filter((k) => k.startsWith(prefix2));
      return keys.sort().flatMap((k) => {
        try {
          return [JSON.parse(storage.getItem(k))];
        } catch {
          storage.removeItem(k);
          return [];
        }
      });
    },
    async put(event) {
      if (takeApart(event.data).attachments.length) throw new Error("this storage takes no bytes");
      storage.setItem(prefix2 + event.id, JSON.stringify(event));
    },
    async remove(id) {
      storage.removeItem(prefix2 + id);
    }
  };
}

// src/offline/buffer.ts
var prefix = "socketio-offline:";
var OfflineBuffer = class {
  /** failed hears what goes wrong with the storage; nothing else happens then. */
  constructor(_storage = indexedDBStorage(), _failed = () => {
  }) {
    this._storage = _storage;
    this._failed = _failed;
    this._owner = Math.random().toString(36).slice(2);
    this._ids = /* @__PURE__ */ new Map();
    this._count = 0;
    this._last = Promise.resolve();
    this._restored = Promise.resolve();
  }
  /** @internal An event begins to wait, for at most ttl in ms. */
  kept(p, ttl) {
    if (this._ids.has(p)) return;
    const id = Date.now().toString(36).padStart(9, "0") + (this._count++).toString(36).padStart(6, "0") + this._owner;
    this._ids.set(p, id);
    const event = { id, owner: this._owner, nsp: p.nsp, data: p.data, until: Date.now() + ttl };
    void this._do(() => this._storage.put(event));
  }
  /** @internal It waits no more. */
  gone(p) {
    const id = this._ids.get(p);
    if (!id) return;
    this._ids.delete(p);
    void this._do(() => this._storage.remove(id));
  }
  /** @internal Emits what pages that are no more have left to the namespace of the socket, in its order. */
  restore(socket) {
    this._restored = Promise.all([this._restored, this._restore(socket).catch(this._failed)]);
  }
  /** Resolves once what other pages left is emitted, and the storage knows what happened so far. */
  async settled() {
    await this._restored;
    await this._last;
  }
  async _restore(socket) {
    await (this._alive ?? (this._alive = this._show()));
    await locked(prefix + "restore", async () => {
      const events = await this._do(() => this._storage.load()) || [];
      const pages = await living();
      for (const e of events.sort((a, b) => a.id < b.id ? -1 : 1)) {
        if (e.nsp !== socket.nsp || e.owner === this._owner || pages.has(e.owner)) continue;
        if (e.until > Date.now()) {
          try {
            socket.emit(e.data[0], ...e.data.slice(1));
          } catch (err) {
            this._failed(err);
          }
        }
        await this._do(() => this._storage.remove(e.id));
      }
    });
  }
  /** Operations follow each other: an event is not removed before it was stored. */
  _do(operation) {
    const result = this._last.then(operation).catch((err) => {
      this._failed(err);
      return void 0;
    });
    this._last = result;
    return result;
  }
  /** Holds a lock for as long as this page lives, so that others leave its events alone. */
  _show() {
    return new Promise((resolve) => {
      if (!locks()) return resolve();
      const held = locks().request(prefix + this._owner, () => {
        resolve();
        return new Promise(() => {
        });
      });
      held.catch(() => resolve());
    });
  }
};
function locks() {
  return globalThis.navigator?.locks;
}
async function locked(name, fn) {
  if (locks()) await locks().request(name, fn);
  else await fn();
}
async function living() {
  const state = await locks()?.query();
  return new Set(state?.held?.map((l) => l.name.slice(prefix.length)));
}

// src/commonjs.ts
module.exports = Object.assign(io, index_exports);
