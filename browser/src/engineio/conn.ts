// One Engine.IO session: handshake, heartbeat, the outgoing buffer, upgrade and close, over whatever transport it has.

import { Clock, clock, ClockOptions, Timer } from "../clock";
import { Emitter } from "../emitter";
import { listen, seen } from "../page";
import { authority, isSecure, parseQuery, target } from "../url";
import { Binary, isText, malformed, Packet, recordSize } from "./packet";
import { cookieJar, received } from "./platform";
import { Polling } from "./polling";
import { CloseDetails, Sink, Transport, TransportClass, TransportError, TransportOptions } from "./transport";
import { builtin } from "./transports";
import { Movable, upgrade } from "./upgrade";

/** A transport to use: its name, or its class. What can't be used here is passed over. */
export type TransportChoice = "polling" | "websocket" | "webtransport" | TransportClass;

export interface ConnOptions extends Partial<Omit<TransportOptions, "query">>, ClockOptions {
  /** Host of the server, maybe with a port, when there is no URL; hostname is the same without a port, and wins. */
  host?: string;
  /** Added to every URL; an object, or text as in a URL. */
  query?: { [key: string]: any } | string;
  /** End the path with a slash, true by default. */
  addTrailingSlash?: boolean;
  /** Tried in order; ["polling", "websocket", "webtransport"] by default. */
  transports?: TransportChoice[];
  /** Move from polling to a better transport when the server offers it, true by default. */
  upgrade?: boolean;
  /** Begin with WebSocket if the last session of this page got that far. */
  rememberUpgrade?: boolean;
  /** When the first transport can't connect, try the next one. */
  tryAllTransports?: boolean;
  /** Close the session when the page is left, instead of leaving that to the server. */
  closeOnBeforeunload?: boolean;
}

/** The fields of the OPEN packet. */
interface Handshake {
  sid: string;
  upgrades: string[];
  pingInterval: number;
  pingTimeout: number;
  maxPayload?: number;
}

// The server refuses a payload of more records.
const maxRecords = 16384;

// Answers that wait for a server to read them.
const maxOwed = 32768;

// What a timer can wait for, in ms; it would end a longer wait at once.
const longest = 2_147_483_647;

/** Whether the last session of this page used WebSocket; for rememberUpgrade. */
let upgradedBefore = false;

/**
 * A connection to an Engine.IO server. It connects when it is made. Events: open, handshake, packet, packetCreate,
 * data, message, flush, drain, ping, pong, heartbeat, upgrading, upgrade, upgradeError, error and close.
 */
export class Conn extends Emitter implements Sink, Movable {
  id?: string;
  readyState: "opening" | "open" | "closing" | "closed" = "opening";
  transport!: Transport;
  /** Packets that no transport has taken, or taken and not yet sent. */
  writeBuffer: Packet[] = [];
  /** The form in which bytes come: "arraybuffer" is the default in a browser, "nodebuffer" in Node.js. */
  binaryType?: "arraybuffer" | "blob" | "nodebuffer";
  readonly opts: ConnOptions;
  readonly hostname: string;
  readonly port: string;
  readonly secure: boolean;

  private _inFlight?: number;
  private _owed = 0;
  private _flushing?: boolean;
  private _moving?: boolean;
  private _classes: TransportClass[];
  /** How to give up on each transport that is being probed. */
  private _upgrades = new Map<Transport, () => void>();
  private _base: TransportOptions;
  /** The longest time in ms without a ping; set once there is a session. */
  private _silence?: number;
  private _silenceTimer?: Timer;
  private _deadline = Infinity;
  private _clock: Clock;
  private _maxPayload!: number;
  /** Ends what listens to the page. */
  private _unwatch: (() => void)[] = [];

  constructor(url?: string, opts: ConnOptions = {}) {
    super();
    this.opts = opts;
    this._clock = clock(opts);
    const to = target(url || address(opts));
    this.hostname = to._host;
    this.secure = opts.secure ?? isSecure(to._protocol);
    this.port = String((!url && opts.port) || to._port);
    const query = opts.query || to._query || {};
    this._classes = (opts.transports || builtin)
      .map((t) => (typeof t === "string" ? named(builtin, t) : t))
      .filter((c): c is TransportClass => !!c && c.available(opts));
    this._base = {
      ...opts,
      hostname: this.hostname,
      port: this.port,
      secure: this.secure,
      cookies: cookieJar(opts),
      path: (opts.path || "/engine.io").replace(/\/$/, "") + (opts.addTrailingSlash === false ? "" : "/"),
      query: typeof query === "string" ? parseQuery(query) : query,
    };
    const undo = this._unwatch;
    undo.push(seen(() => this._checkLate()));
    // A server on this machine needs no network.
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
  send(data: string | Binary, options?: Packet["options"], fn?: () => void): this {
    this._queue({ type: "message", data, options });
    if (fn) this.once("flush", fn);
    return this;
  }

  write(data: string | Binary, options?: Packet["options"], fn?: () => void): this {
    return this.send(data, options, fn);
  }

  /** Whether a packet sent now would leave at once. */
  get _idle(): boolean {
    return this.readyState === "open" && !this._moving && !this.writeBuffer.length && this.transport._idle;
  }

  /**
   * Whether the server has been silent for too long; if so, closes, a moment later. The timer alone can't tell: it
   * stands still while a laptop sleeps and is throttled in a hidden tab, and what is sent on such a connection would be
   * lost.
   */
  _checkLate(): boolean {
    const late = Date.now() > this._deadline;
    if (late) queueMicrotask(() => this._end("ping timeout"));
    return late;
  }

  /** Counts what was sent because the server asked: one that asks on and on and reads nothing is left. */
  _owe(): void {
    this._owed = this._idle ? 0 : this._owed + 1;
    if (this._owed > maxOwed) this._lost(new TransportError("server error"));
  }

  /** Closes the session once all that was sent has left and a running upgrade is over. */
  close(): this {
    if (this.readyState === "opening") this._end("forced close");
    else if (this.readyState === "open") {
      this.readyState = "closing";
      this._finish();
    }
    return this;
  }

  // What the transport tells.

  _opened(): void {}

  _packet(p: Packet): void {
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
      const data = isText(p.data) ? p.data || "" : received(p.data as ArrayBuffer, this.binaryType);
      this._fire("data", data);
      this._fire("message", data);
    } else if (p.type === "close") {
      this._end("transport close", { description: "transport closed" });
    }
  }

  _drained(): void {
    this.writeBuffer.splice(0, this._inFlight!);
    this._inFlight = 0;
    if (this.writeBuffer.length) this._flush();
    else this._fire("drain");
    this._finish();
  }

  _closed(why: TransportError | CloseDetails): void {
    if (why instanceof Error) this._lost(why);
    else this._end("transport close", why);
  }

  // What an upgrade asks for.

  _pause(candidate: Transport, ready: () => void): void {
    const polling = this.transport;
    if (this._moving || !(polling instanceof Polling)) return;
    this._moving = true;
    // The first that works wins.
    for (const [other, cancel] of this._upgrades) if (other !== candidate) cancel();
    this._fire("upgrading", candidate);
    polling._pause(ready);
  }

  _move(candidate: Transport): void {
    this._upgrades.clear();
    candidate._sink = this;
    this.transport = candidate;
    upgradedBefore = candidate.name === "websocket";
    this._moving = false;
    this._fire("upgrade", candidate);
    this._flush();
    this._finish();
  }

  _stay(err: TransportError, candidate: Transport): void {
    this._upgrades.delete(candidate);
    if (this._moving) {
      this._moving = false;
      (this.transport as Polling)._resume();
      this._flush();
    }
    this._fire("upgradeError", err);
    this._finish();
  }

  private _start(c: TransportClass): void {
    this.transport = this._make(c);
    this.transport.open();
  }

  private _make(c: TransportClass): Transport {
    return new c({ ...this._base, ...this.opts.transportOptions?.[c.prototype.name] }, this);
  }

  private _handshake(p: Packet): void {
    let h: Handshake | undefined;
    try {
      h = p.type === "open" && JSON.parse(p.data as string);
    } catch {}
    const ok = h && h.sid && typeof h.sid === "string" && Array.isArray(h.upgrades) && h.pingInterval > 0 && h.pingTimeout > 0 && !(h.maxPayload! <= 0);
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
  private _beat(): void {
    this._clock.clearTimeout(this._silenceTimer);
    this._deadline = Date.now() + this._silence!;
    this._silenceTimer = this._clock.setTimeout(() => this._end("ping timeout"), this._silence);
  }

  private _probe(offered: string[]): void {
    if (this.readyState !== "open") return;
    const better = this._classes.filter((c) => c !== Polling && offered.includes(c.prototype.name));
    for (const c of better) {
      const candidate = this._make(c);
      candidate.sid = this.id;
      this._upgrades.set(candidate, upgrade(this, candidate, better));
    }
  }

  private _queue(p: Packet): void {
    if (this.readyState === "closing" || this.readyState === "closed") return;
    this._fire("packetCreate", p);
    this.writeBuffer.push(p);
    // Packets of one turn of the event loop leave together: over polling that is one request, not two.
    if (this._flushing) return;
    this._flushing = true;
    queueMicrotask(() => {
      this._flushing = false;
      this._flush();
    });
  }

  private _flush(): void {
    const s = this.readyState;
    if (s === "opening" || s === "closed" || this._moving || this._inFlight || !this.transport.writable) return;
    const packets = this._batch();
    if (!packets.length) return;
    this._inFlight = packets.length;
    this.transport.send(packets);
    this._fire("flush");
  }

  /** As many packets as one send may carry; over polling a POST must stay under maxPayload. */
  private _batch(): Packet[] {
    const all = this.writeBuffer;
    if (all.length < 2 || !(this.transport instanceof Polling)) return all.slice();
    let size = 0;
    let n = 0;
    while (n < all.length && n < maxRecords) {
      size += recordSize(all[n]) + (n ? 1 : 0);
      if (n && size > this._maxPayload) break; // a single packet that is too large is for the server to refuse
      n++;
    }
    return all.slice(0, n);
  }

  private _finish(): void {
    if (this.readyState === "closing" && !this._moving && !this.writeBuffer.length) this._end("forced close");
  }

  private _lost(err: TransportError): void {
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

  private _end(reason: string, details?: TransportError | CloseDetails): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this._clock.clearTimeout(this._silenceTimer);
    this._deadline = Infinity;
    for (const end of this._unwatch) end();
    for (const cancel of this._upgrades.values()) cancel();
    this.transport?.close();
    this.id = undefined;
    this._fire("close", reason, details);
    this.writeBuffer = [];
    this._inFlight = 0;
  }

  /** Notices at once what else would take a ping timeout: no network, a page that is left or was asleep. */
}

function named(classes: TransportClass[], name: string): TransportClass | undefined {
  return classes.find((c) => c.prototype.name === name);
}

/** The URL of a server that options name by its parts. Without a page, nothing says that it is secure but they. */
function address(o: ConnOptions): string {
  const page = globalThis.location;
  const host = o.hostname || o.host || (page ? "" : "localhost");
  const scheme = o.secure ? "https:" : page && o.secure === undefined ? "" : "http:";
  return host && scheme + "//" + authority(host, "").slice(0, -1);
}
