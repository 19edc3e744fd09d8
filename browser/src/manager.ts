// One connection and the namespaces that share it: opening, reconnecting, and the way of packets to their socket.

import { Backoff } from "./backoff";
import { Clock, clock } from "./clock";
import { Emitter, Events } from "./emitter";
import { Conn, ConnOptions } from "./engineio/conn";
import { malformed } from "./engineio/packet";
import type { CloseDetails } from "./engineio/transport";
import type { DisconnectReason } from "./lifecycle";
import { Decoder, Encoder } from "./dialect";
import type { Frames, Packet, Parser } from "./parser";
import { Socket, SocketOptions } from "./socket";
import { wait } from "./wait";

export interface ManagerOptions extends ConnOptions {
  /** Connect again after a loss, true by default. */
  reconnection?: boolean;
  /** How often to try, without limit by default. */
  reconnectionAttempts?: number;
  /** Delay in ms before the first attempt, 1000 by default. */
  reconnectionDelay?: number;
  /** The longest delay in ms, 5000 by default. */
  reconnectionDelayMax?: number;
  /** Part of the delay that is random, 0.5 by default. */
  randomizationFactor?: number;
  /** Time in ms for one attempt to connect, 20000 by default; false means no limit. */
  timeout?: number | false;
  /** Connect when a socket is made, true by default. */
  autoConnect?: boolean;
  /** Another codec; the server must have the same. */
  parser?: Parser;
  /** Attachments that a packet may have, either way; 10 by default, as on the server. */
  maxAttachments?: number;
  /** End the wait for the next attempt when the network is back or the page is looked at again. */
  reconnectOnline?: boolean;
}

export interface ManagerEvents {
  open: () => void;
  error: (err: Error) => void;
  ping: () => void;
  packet: (p: Packet) => void;
  close: (reason: string, details?: Error | CloseDetails) => void;
  reconnect: (attempt: number) => void;
  reconnect_attempt: (attempt: number) => void;
  reconnect_error: (err: Error) => void;
  reconnect_failed: () => void;
}

/** Something to send, already encoded. */
interface Sendable {
  _frames: Frames;
  compress?: boolean;
}

/** What is kept of a packet whose end has not come, and of events that come too early. */
export const maxWeight = 8_388_608;

export class Manager extends Emitter<ManagerEvents> {
  /** The connection of the present or the last attempt. */
  engine!: Conn;
  readonly uri?: string;
  readonly opts: ManagerOptions;
  /** The sockets by namespace, active or not. */
  readonly nsps: { [nsp: string]: Socket<any, any> } = Object.create(null);
  readonly encoder: { encode(p: Packet): Frames };
  readonly backoff: Backoff;

  /** @internal */
  readonly _clock: Clock;
  private _state: "closed" | "opening" | "open" = "closed";
  readonly decoder: InstanceType<Parser["Decoder"]>;
  /** Closed on purpose: no reconnection until the next open(). */
  private _stopped?: boolean;
  private _reconnecting?: boolean;
  /** The length of what came since the last whole packet; what a parser of the program keeps is its own affair. */
  private _weight = 0;
  private _stopWaiting?: () => void;
  /** Takes the manager's listeners off the engine. */
  private _detach?: () => void;

  constructor(uri?: string | ManagerOptions, opts?: ManagerOptions) {
    super();
    if (typeof uri === "object") {
      opts = uri;
      uri = undefined;
    }
    const o: ManagerOptions = { ...opts };
    this.opts = o;
    this.uri = uri;
    o.path = o.path || "/socket.io";
    o.reconnection = o.reconnection !== false;
    o.reconnectionAttempts = o.reconnectionAttempts || Infinity;
    o.timeout = o.timeout ?? 20000;
    this._clock = clock(o);
    this.backoff = new Backoff({
      min: o.reconnectionDelay,
      max: o.reconnectionDelayMax,
      jitter: o.randomizationFactor ?? 0.5,
    });
    this.encoder = o.parser ? new o.parser.Encoder() : new Encoder(o.maxAttachments);
    this.decoder = o.parser ? new o.parser.Decoder() : new Decoder(o.maxAttachments);
    this.decoder.on("decoded", (p) => this._route(p));
    if (o.autoConnect !== false) this.open();
  }

  // Each reads a setting without an argument and sets it with one.

  reconnection(): boolean;
  reconnection(v: boolean): this;
  reconnection(v?: boolean): any {
    if (v === false) this._stopped = true;
    return this._setting(this.opts, "reconnection", v);
  }

  reconnectionAttempts(): number;
  reconnectionAttempts(v: number): this;
  reconnectionAttempts(v?: number): any {
    return this._setting(this.opts, "reconnectionAttempts", v);
  }

  reconnectionDelay(): number;
  reconnectionDelay(v: number): this;
  reconnectionDelay(v?: number): any {
    return this._setting(this.backoff, "min", v);
  }

  randomizationFactor(): number;
  randomizationFactor(v: number): this;
  randomizationFactor(v?: number): any {
    return this._setting(this.backoff, "jitter", v);
  }

  reconnectionDelayMax(): number;
  reconnectionDelayMax(v: number): this;
  reconnectionDelayMax(v?: number): any {
    return this._setting(this.backoff, "max", v);
  }

  timeout(): number | false;
  timeout(v: number | false): this;
  timeout(v?: number | false): any {
    return this._setting(this.opts, "timeout", v);
  }

  /**
   * Connects, unless that is done or under way. fn is called with the outcome of this attempt; without it a failure
   * starts the reconnection.
   */
  open(fn?: (err?: Error) => void): this {
    if (this._state !== "closed") return this;
    this._state = "opening";
    this._stopped = false;
    const engine = (this.engine = new Conn(this.uri, this.opts));

    const failed = (err: Error) => {
      this._detach?.();
      engine.close();
      this._state = "closed";
      this._each((s) => s._refused(err));
      this._fire("error", err);
      if (fn) fn(err);
      else if (this.opts.reconnection && this.backoff.attempts === 0) this._reconnect();
    };
    const { timeout } = this.opts;
    const timer = timeout === false ? undefined : this._clock.setTimeout(() => failed(new Error("timeout")), timeout);
    const opening = attach(engine, {
      open: () => {
        this._detach?.();
        // A connection that was opened by hand makes an attempt that is waited for needless.
        if (!fn) this._giveUpWaiting();
        this._opened(engine);
        if (this._state === "open") fn?.();
      },
      error: failed,
      close: (reason: string, details?: CloseDetails) => failed(Object.assign(new Error(reason), details)),
    });
    this._detach = () => {
      this._clock.clearTimeout(timer);
      opening();
    };
    return this;
  }

  connect(fn?: (err?: Error) => void): this {
    return this.open(fn);
  }

  /** The socket of a namespace; there is one for each. */
  socket<L = Events, E = L>(nsp: string, opts?: SocketOptions): Socket<L, E> {
    if (nsp[0] !== "/") nsp = "/" + nsp;
    let socket = this.nsps[nsp];
    if (!socket) socket = this.nsps[nsp] = new Socket<any, any>(this, nsp, opts);
    if (this.opts.autoConnect !== false && !socket.active) socket.connect();
    return socket;
  }

  // What a socket asks of its manager.

  /** @internal A socket wants to be connected. */
  _want(socket: Socket<any, any>): void {
    if (this._state === "open") {
      // Later, so that a program can add its listeners first.
      queueMicrotask(() => {
        if (this._state === "open" && socket.active) socket._opened(this.engine.transport.name);
      });
    } else if (!this._reconnecting) {
      this.open();
    }
  }

  /** @internal A socket was left; after the last one the connection is closed. */
  _release(): void {
    let active = false;
    this._each(() => (active = true));
    if (!active) this._close();
  }

  /** @internal Sends an encoded packet. */
  _send(p: Sendable): void {
    for (const frame of p._frames) this.engine.send(frame, { compress: p.compress !== false });
  }

  /** @internal The server does not keep to the protocol. */
  _broken(err: Error): void {
    this._each((s) => s._fire("error", err));
    this._closed("parse error", err);
  }

  /** Closes the connection without reconnecting. */
  _close(): void {
    this._stopped = true;
    this._giveUpWaiting();
    this._closed("forced close");
  }

  private _setting(of: any, name: string, v: unknown): unknown {
    if (v === undefined) return of[name];
    of[name] = v;
    return this;
  }

  private _opened(engine: Conn): void {
    this._state = "open";
    this._detach = attach(engine, {
      ping: () => this._fire("ping"),
      data: (frame: any) => {
        try {
          this._weight += this.opts.parser ? 0 : frame.length ?? frame.byteLength ?? frame.size;
          this.decoder.add(frame);
          if (this._weight > maxWeight) throw malformed();
        } catch (err) {
          this._broken(err as Error);
        }
      },
      error: (err: Error) => {
        this._fire("error", err);
      },
      close: (reason: DisconnectReason, details?: CloseDetails) => this._closed(reason, details),
    });
    this._each((s) => {
      if (this._state === "open") s._opened(engine.transport.name);
    });
    this._fire("open");
  }

  private _route(p: Packet): void {
    const weight = this._weight;
    this._weight = 0;
    const socket = this.nsps[p.nsp];
    if (socket?.active) socket._receive(p, weight);
    this._fire("packet", p);
  }

  private _closed(reason: DisconnectReason, details?: Error | CloseDetails): void {
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

  private _reconnect(): void {
    if (this._reconnecting || this._stopped) return;
    if (this.backoff.attempts >= this.opts.reconnectionAttempts!) {
      this.backoff.reset();
      this._fire("reconnect_failed");
      this._each((s) => s._fire("reconnect_failed"));
      return;
    }
    const delay = this.backoff.duration();
    this._reconnecting = true;
    this._stopWaiting = wait(this._clock, delay, this.opts.reconnectOnline, () => this._attempt(delay));
  }

  private _giveUpWaiting(): void {
    this._reconnecting = false;
    this._stopWaiting?.();
    this.backoff.reset();
  }

  private _attempt(delay: number): void {
    const n = this.backoff.attempts;
    // Reconnection was switched off, or somebody else is opening the connection.
    const needless = () => this._stopped || this._state !== "closed";
    if (!needless()) {
      this._fire("reconnect_attempt", n);
      this._each((s) => s._fire("reconnecting", delay, n));
    }
    // One of these listeners may have done that.
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
  private _each(fn: (s: Socket<any, any>) => void): void {
    for (const socket of Object.values(this.nsps)) if (socket.active) fn(socket);
  }
}

/** Adds listeners to an engine; returns a function that takes them off again. */
function attach(engine: Conn, listeners: { [event: string]: (...args: any[]) => void }): () => void {
  const all = Object.entries(listeners);
  for (const [event, fn] of all) engine.on(event, fn);
  return () => {
    for (const [event, fn] of all) engine.off(event, fn);
  };
}
