// One Engine.IO session: handshake, heartbeat, the outgoing buffer, upgrade and close, over whatever transport it has.

import { clock } from "../clock";
import { Emitter } from "../emitter";
import { isSecure, parseQuery, target } from "../url";
import { Heartbeat } from "./heartbeat";
import { Binary, Packet, recordSize } from "./packet";
import { Polling } from "./polling";
import { CloseDetails, Sink, Transport, TransportClass, TransportError, TransportOptions } from "./transport";
import { Movable, Upgrade } from "./upgrade";
import { WebSocketTransport } from "./websocket";

/** A transport to use: its name, or its class. Names without a class here are passed over. */
export type TransportChoice = "polling" | "websocket" | "webtransport" | TransportClass;

export interface ConnOptions extends Partial<Omit<TransportOptions, "query">> {
  /** Host of the server, maybe with a port, when there is no URL; hostname is the same without a port, and wins. */
  host?: string;
  /** Added to every URL; an object, or text as in a URL. */
  query?: { [key: string]: any } | string;
  /** End the path with a slash, true by default. */
  addTrailingSlash?: boolean;
  /** Tried in order; ["polling", "websocket"] by default. */
  transports?: TransportChoice[];
  /** Move from polling to WebSocket when the server offers it, true by default. */
  upgrade?: boolean;
  /** Begin with WebSocket if the last session of this page got that far. */
  rememberUpgrade?: boolean;
  /** When the first transport can't connect, try the next one. */
  tryAllTransports?: boolean;
  /** Options for one transport, by its name; they win. */
  transportOptions?: { [name: string]: Partial<ConnOptions> };
  /** Close the session when the page is left, instead of leaving that to the server. */
  closeOnBeforeunload?: boolean;
  /** Use the timers of the browser even where a page has replaced them, as tests do. */
  useNativeTimers?: boolean;
}

/** The fields of the OPEN packet. */
interface Handshake {
  sid: string;
  upgrades: string[];
  pingInterval: number;
  pingTimeout: number;
  maxPayload?: number;
}

const builtin: TransportClass[] = [Polling, WebSocketTransport];

// The server refuses a payload of more records.
const maxRecords = 16384;

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
  readonly opts: ConnOptions;
  readonly hostname: string;
  readonly port: string;
  readonly secure: boolean;

  private inFlight = 0;
  private flushing = false;
  private moving = false;
  private classes: TransportClass[];
  private upgrade?: Upgrade;
  private heartbeat?: Heartbeat;
  private maxPayload = Infinity;
  private query: { [key: string]: any };
  private unwatch = () => {};

  constructor(url?: string, opts: ConnOptions = {}) {
    super();
    this.opts = opts;
    const to = target(url || address(opts));
    this.hostname = to.host;
    this.secure = opts.secure ?? isSecure(to.protocol);
    this.port = String((!url && opts.port) || to.port);
    const query = opts.query || to.query || {};
    this.query = typeof query === "string" ? parseQuery(query) : query;
    this.classes = (opts.transports || ["polling", "websocket"])
      .map((t) => (typeof t === "string" ? builtin.find((c) => c.kind === t) : t))
      .filter((c): c is TransportClass => !!c);
    this.watchPage();

    const again = opts.rememberUpgrade && upgradedBefore && this.class("websocket");
    const first = again || this.classes[0];
    if (first) this.start(first);
    else queueMicrotask(() => this.lost(new TransportError("No transports available")));
  }

  /** Sends a message; returns at once. fn is called when a transport has taken it. */
  send(data: string | Binary, options?: Packet["options"], fn?: () => void): this {
    this.queue({ type: "message", data, options });
    if (fn) this.once("flush", fn);
    return this;
  }

  write(data: string | Binary, options?: Packet["options"], fn?: () => void): this {
    return this.send(data, options, fn);
  }

  /** Whether a packet sent now would leave at once. */
  get idle(): boolean {
    return this.readyState === "open" && !this.moving && !this.writeBuffer.length && this.transport.idle;
  }

  /** Whether the server has been silent for too long, as after a laptop's sleep; if so, closes, a moment later. */
  checkLate(): boolean {
    const late = !!this.heartbeat?.late;
    if (late) queueMicrotask(() => this.end("ping timeout"));
    return late;
  }

  /** Closes the session once all that was sent has left and a running upgrade is over. */
  close(): this {
    if (this.readyState === "opening") this.end("forced close");
    else if (this.readyState === "open") {
      this.readyState = "closing";
      this.finish();
    }
    return this;
  }

  // What the transport tells.

  opened(): void {}

  packet(p: Packet): void {
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
      const data = p.data === undefined ? "" : p.data;
      this.fire("data", data);
      this.fire("message", data);
    } else if (p.type === "close") {
      this.end("transport close", { description: "transport closed by the server" });
    }
  }

  drained(): void {
    this.writeBuffer.splice(0, this.inFlight);
    this.inFlight = 0;
    if (this.writeBuffer.length) this.flush();
    else this.fire("drain");
    this.finish();
  }

  closed(why: TransportError | CloseDetails): void {
    if (why instanceof Error) this.lost(why);
    else this.end("transport close", why);
  }

  // What an upgrade asks for.

  pause(candidate: Transport, ready: () => void): void {
    const polling = this.transport;
    if (this.moving || !(polling instanceof Polling)) return;
    this.moving = true;
    this.fire("upgrading", candidate);
    polling.pause(ready);
  }

  move(candidate: Transport): void {
    this.upgrade = undefined;
    candidate.sink = this;
    this.transport = candidate;
    upgradedBefore = candidate.name === "websocket";
    this.moving = false;
    this.fire("upgrade", candidate);
    this.flush();
    this.finish();
  }

  stay(err: TransportError): void {
    this.upgrade = undefined;
    if (this.moving) {
      this.moving = false;
      (this.transport as Polling).resume();
      this.flush();
    }
    this.fire("upgradeError", err);
    this.finish();
  }

  private class(kind: string): TransportClass | undefined {
    return this.classes.find((c) => c.kind === kind);
  }

  private start(c: TransportClass): void {
    this.transport = new c(this.transportOptions(c.kind), this);
    this.transport.open();
  }

  private transportOptions(kind: string): TransportOptions {
    const o = this.opts;
    return {
      ...o,
      hostname: this.hostname,
      port: this.port,
      secure: this.secure,
      path: (o.path || "/engine.io").replace(/\/$/, "") + (o.addTrailingSlash === false ? "" : "/"),
      query: this.query,
      ...o.transportOptions?.[kind],
    } as TransportOptions;
  }

  private handshake(p: Packet): void {
    let h: Handshake | undefined;
    try {
      if (p.type === "open") h = validHandshake(p.data as string);
    } catch {}
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

  private probe(offered: string[]): void {
    const better = this.classes.find((c) => c !== Polling && offered.includes(c.kind));
    if (!better || this.readyState !== "open") return;
    const candidate = new better(this.transportOptions(better.kind), this);
    candidate.sid = this.id;
    this.upgrade = new Upgrade(this, candidate);
  }

  private queue(p: Packet): void {
    if (this.readyState === "closing" || this.readyState === "closed") return;
    this.fire("packetCreate", p);
    this.writeBuffer.push(p);
    // Packets of one turn of the event loop leave together: over polling that is one request, not two.
    if (this.flushing) return;
    this.flushing = true;
    queueMicrotask(() => {
      this.flushing = false;
      this.flush();
    });
  }

  private flush(): void {
    const s = this.readyState;
    if (s === "opening" || s === "closed" || this.moving || this.inFlight || !this.transport.writable) return;
    const packets = this.batch();
    if (!packets.length) return;
    this.inFlight = packets.length;
    this.transport.send(packets);
    this.fire("flush");
  }

  /** As many packets as one send may carry; over polling a POST must stay under maxPayload. */
  private batch(): Packet[] {
    const all = this.writeBuffer;
    if (all.length < 2 || !(this.transport instanceof Polling)) return all.slice();
    let size = 0;
    let n = 0;
    while (n < all.length && n < maxRecords) {
      size += recordSize(all[n]) + (n ? 1 : 0);
      if (n && size > this.maxPayload) break; // a single packet that is too large is for the server to refuse
      n++;
    }
    return all.slice(0, n);
  }

  private finish(): void {
    if (this.readyState === "closing" && !this.moving && !this.writeBuffer.length) this.end("forced close");
  }

  private lost(err: TransportError): void {
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

  private end(reason: string, details?: TransportError | CloseDetails): void {
    if (this.readyState === "closed") return;
    this.readyState = "closed";
    this.heartbeat?.stop();
    this.unwatch();
    this.upgrade?.cancel();
    this.transport?.close();
    this.id = undefined;
    this.fire("close", reason, details);
    this.writeBuffer = [];
    this.inFlight = 0;
  }

  /** Notices at once what else would take a ping timeout: no network, a page that is left or was asleep. */
  private watchPage(): void {
    const page = globalThis as Partial<Window> & typeof globalThis;
    if (!page.addEventListener) return;
    const offline = () => this.end("transport close", { description: "network connection lost" });
    const unload = () => this.transport?.close();
    const seen = () => this.checkLate();
    // A server on this machine needs no network.
    if (this.hostname !== "localhost") page.addEventListener("offline", offline);
    if (this.opts.closeOnBeforeunload) page.addEventListener("beforeunload", unload);
    page.document?.addEventListener("visibilitychange", seen);
    this.unwatch = () => {
      page.removeEventListener("offline", offline);
      page.removeEventListener("beforeunload", unload);
      page.document?.removeEventListener("visibilitychange", seen);
    };
  }
}

/** The URL of a server that options name by its parts; nothing when they name none. */
function address(o: ConnOptions): string | undefined {
  const host = o.hostname ? (/^[^[].*:/.test(o.hostname) ? "[" + o.hostname + "]" : o.hostname) : o.host;
  return host && (o.secure === undefined ? "" : o.secure ? "https:" : "http:") + "//" + host;
}

function validHandshake(text: string): Handshake | undefined {
  const h = JSON.parse(text);
  const ok =
    typeof h.sid === "string" &&
    h.sid &&
    Array.isArray(h.upgrades) &&
    h.pingInterval > 0 &&
    h.pingTimeout > 0 &&
    (h.maxPayload === undefined || h.maxPayload > 0);
  return ok ? h : undefined;
}
