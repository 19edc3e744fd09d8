// A client's end of one namespace: events both ways, acknowledgements, the buffer while offline.

import { Acks } from "./ack";
import { Emitter, Events, Listener } from "./emitter";
import type { DisconnectDetails, DisconnectReason, LifeCycle } from "./lifecycle";
import { Manager, maxWeight } from "./manager";
import { gone, kept, limit, OfflineOptions, restore } from "./offline";
import { Offset } from "./offset";
import { Frames, isReserved, Packet, PacketType } from "./parser";
import { RetryQueue } from "./retry";

export interface SocketOptions extends OfflineOptions {
  /** Credentials, sent at each connection; a function is asked anew each time. */
  auth?: { [key: string]: any } | ((send: (data: object) => void) => void);
  /** Send each event until it is acknowledged, at most 1 + retries times. Events then go out one at a time. */
  retries?: number;
  /** Time in ms for every acknowledgement, none by default. */
  ackTimeout?: number;
  /** Which event goes when there are more: the "oldest", the default, or the "newest", which it always is with retries. */
  dropPolicy?: "oldest" | "newest";
  /** Raise "anything" with the name and the arguments of every event that comes. */
  anything?: boolean;
}

/** Modifiers of the next emit. */
interface Flags {
  compress?: boolean;
  volatile?: boolean;
  timeout?: number;
}

/** What an emit becomes, for as long as it may have to wait. */
interface Outgoing extends Packet {
  _frames: Frames;
  compress?: boolean;
}

type Args<M, E extends keyof M> = M[E] extends (...args: infer A) => any ? A : any[];

/** What the function takes with which an event ends; any values when nothing is said of it. */
type Answer<A extends any[]> = A extends [...any[], (...answer: infer R) => any] ? R : any[];

/** The event without that function. */
type Question<A extends any[]> = A extends [...infer Q, (...answer: any[]) => any] ? Q : A;

/** The same events, whose answers take an error first. */
type WithError<M> = {
  [E in keyof M]: Args<M, E> extends [...any[], (...answer: any[]) => any]
    ? (...args: [...Question<Args<M, E>>, (err: Error, ...answer: Answer<Args<M, E>>) => void]) => void
    : M[E];
};

/** The first value of an answer, behind the error if it takes one. */
type FirstValue<R extends any[]> = R extends [Error, ...infer V] ? V[0] : R[0];

// Events that come before the answer to CONNECT wait for it; a recovery sends what was missed that way. There may be
// some 10,000 of them, as each weighs this much and its length.
const eventWeight = 800;

export class Socket<Listen = Events, Emit = Listen> extends Emitter<Listen & LifeCycle> {
  /** Undefined while disconnected. */
  id?: string;
  connected = false;
  /** Whether the last connection continued the session before it, nothing missed. */
  recovered = false;
  auth?: SocketOptions["auth"];
  /** Events that came before the connection was complete. */
  receiveBuffer: any[][] = [];
  /** Events emitted while disconnected. */
  sendBuffer: Outgoing[] = [];
  readonly nsp: string;

  /** Taken part in by the manager: connected, connecting, or to be connected again. */
  private _wanted?: boolean;
  /** CONNECT was sent and not answered. */
  private _asking?: boolean;
  /** The weight of the events that came before the answer. */
  private _early = 0;
  /** An attempt since connect() has ended. */
  private _tried?: boolean;
  /** Counts connections: what belongs to an earlier one is stale. */
  private _epoch = 0;
  /** Hold emits back: what was buffered goes first. */
  private _flushing?: boolean;
  private _failing?: boolean;
  private _flags: Flags = {};
  private _ids = 0;
  private _acks: Acks;
  private _pid?: string;
  private _offset = new Offset();
  private _anyIn: Listener[] = [];
  private _anyOut: Listener[] = [];
  /** @internal */
  _retry?: RetryQueue<Outgoing>;

  /** Sockets are made by io() and manager.socket(). */
  constructor(
    readonly io: Manager,
    nsp: string,
    /** @internal */
    readonly _opts: SocketOptions = {},
  ) {
    super();
    this.nsp = nsp;
    this.auth = _opts.auth;
    this._acks = new Acks(io._clock, (fn, args) => this._guard(fn, args));
    if (_opts.retries) {
      this._retry = new RetryQueue(
        _opts.retries,
        (p, timeout, answered) => this._post(p, { timeout }, answered, true),
        () => this.connected && !this._flushing,
      );
    }
    restore(this);
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Whether the socket is connected or will be without more ado. */
  get active(): boolean {
    return !!this._wanted;
  }

  connect(): this {
    if (this.connected || (this._wanted && this._asking)) return this;
    if (!this._wanted) this._tried = false;
    this._wanted = true;
    this.io._want(this);
    return this;
  }

  open(): this {
    return this.connect();
  }

  /** Leaves the namespace, for good; the last socket to go closes the connection. */
  disconnect(): this {
    const connected = this.connected;
    if (connected) this.io._send(this._encoded({ type: PacketType.DISCONNECT, nsp: this.nsp }));
    this._release();
    if (connected) this._down("io client disconnect");
    return this;
  }

  close(): this {
    return this.disconnect();
  }

  /**
   * Sends an event. A function as the last argument is called with the answer. While disconnected the event waits.
   * Throws on a reserved name and on what can't be encoded.
   */
  emit<E extends keyof Emit & string>(event: E, ...args: Args<Emit, E>): this {
    const flags = this._flags;
    this._flags = {};
    if (isReserved(event)) throw new Error('"' + event + '" is a reserved event name');
    const data: any[] = [event, ...args];
    const fn = typeof data[data.length - 1] === "function" ? data.pop() : undefined;
    const retry = flags.volatile ? undefined : this._retry;
    // Encoded here and now: a mistake is thrown at the caller, and later changes of the arguments do not count.
    const p = this._encoded({ type: PacketType.EVENT, nsp: this.nsp, data, id: fn || retry ? this._ids++ : undefined });
    p.compress = flags.compress;
    if (!retry) {
      this._post(p, flags, fn);
    } else {
      const done: Listener = (...answer) => {
        gone(this, p, true);
        if (fn) this._guard(fn, answer);
      };
      if (retry._length < limit(this._opts)) {
        kept(this, p);
        retry._add(p, flags.timeout, done);
      } else {
        done(new Error(bufferFull));
      }
    }
    return this;
  }

  /** Sends an event and resolves to the first value of the answer; rejects on a timeout or a disconnect. */
  emitWithAck<E extends keyof Emit & string>(
    event: E,
    ...args: Question<Args<Emit, E>>
  ): Promise<FirstValue<Answer<Args<Emit, E>>>> {
    return new Promise((resolve, reject) => {
      const done: Listener & { withError?: boolean } = (err, value) => (err ? reject(err) : resolve(value));
      done.withError = true;
      this.emit(event, ...([...args, done] as any));
    });
  }

  /** emit("message", …). */
  send(...args: any[]): this {
    return this.emit("message" as any, ...(args as any));
  }

  /** The next emit's acknowledgement takes an error first, which comes after ms without an answer. */
  timeout(ms: number): Socket<Listen, WithError<Emit>> {
    this._flags.timeout = ms;
    return this as any;
  }

  /** The next emit is dropped if it can't leave at once. */
  get volatile(): this {
    this._flags.volatile = true;
    return this;
  }

  /** Whether to compress the next emit, where the transport leaves the choice; browsers do not. */
  compress(compress: boolean): this {
    this._flags.compress = compress;
    return this;
  }

  /** fn hears every event that comes, before its own listeners. */
  onAny(fn: Listener): this {
    this._anyIn = this._anyIn.concat(fn);
    return this;
  }

  prependAny(fn: Listener): this {
    this._anyIn = [fn, ...this._anyIn];
    return this;
  }

  offAny(fn?: Listener): this {
    this._anyIn = without(this._anyIn, fn);
    return this;
  }

  listenersAny(): Listener[] {
    return this._anyIn;
  }

  /** fn hears every event that is sent. */
  onAnyOutgoing(fn: Listener): this {
    this._anyOut = this._anyOut.concat(fn);
    return this;
  }

  prependAnyOutgoing(fn: Listener): this {
    this._anyOut = [fn, ...this._anyOut];
    return this;
  }

  offAnyOutgoing(fn?: Listener): this {
    this._anyOut = without(this._anyOut, fn);
    return this;
  }

  listenersAnyOutgoing(): Listener[] {
    return this._anyOut;
  }

  // What the manager tells a socket that takes part.

  /** @internal The connection stands: ask for the namespace. */
  _opened(transport: string): void {
    if (this.connected || this._asking) return;
    this._asking = true;
    this._early = 0;
    this.receiveBuffer = []; // of a connection that was lost before its answer; a recovery sends it anew
    const epoch = ++this._epoch;
    this._fire("connecting", transport);
    const ask = (data?: object) => {
      if (!this._asking || epoch !== this._epoch) return; // an answer of the auth function that came too late
      if (this._pid) data = { pid: this._pid, offset: this._offset._value, ...data };
      if (this._retry) data = { resends: true, ...data }; // under the same id, so that a server of ours handles each once
      this.io._send(this._encoded({ type: PacketType.CONNECT, nsp: this.nsp, data }));
    };
    const auth = this.auth;
    try {
      if (typeof auth === "function") (auth as Listener).call(this, ask);
      else ask(auth);
    } catch (err) {
      this._refused(err as Error);
    }
  }

  /** @internal An attempt to connect failed. */
  _refused(err: Error): void {
    this._asking = false;
    if (this.connected) return;
    let heard = this._fire("connect_error", err);
    if (!this._tried) heard = this._fire("connect_failed", err) || heard;
    this._tried = true;
    if (!heard && !this.io.hasListeners("error") && !this.io.hasListeners("reconnect_error")) this._fire("error", err);
  }

  /** @internal The connection is gone. */
  _lost(reason: DisconnectReason, details?: DisconnectDetails): void {
    if (this.connected) this._down(reason, details);
    else if (this._asking) this._refused(details instanceof Error ? details : new Error(reason));
  }

  /** @internal A packet for this namespace came. */
  _receive(p: Packet, weight = 0): void {
    const data = p.data;
    switch (p.type) {
      case PacketType.CONNECT:
        if (this.connected) return;
        if (data && data.sid && typeof data.sid === "string") this._up(data);
        else this._refused(new Error(oldServer));
        return;
      case PacketType.CONNECT_ERROR:
        if (this.connected) return;
        this._release();
        this._refused(Object.assign(new Error(data.message ?? data), { data: data.data }));
        return;
      case PacketType.DISCONNECT:
        this._release();
        if (this.connected) this._down("io server disconnect");
        return;
      case PacketType.EVENT:
      case PacketType.BINARY_EVENT:
        if (p.id !== undefined) data.push(this._answer(p.id));
        if (this.connected) this._dispatch(data);
        else {
          this.receiveBuffer.push(data);
          this._early += weight + eventWeight;
          if (this._early > maxWeight) {
            this._pid = undefined; // a recovery would come to this point again
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
  protected _failed(err: unknown): void {
    if (this._failing || !this.hasListeners("error")) {
      super._failed(err);
      return;
    }
    this._failing = true;
    this._fire("error", err);
    this._failing = false;
  }

  private _release(): void {
    this._wanted = this._asking = false;
    this._epoch++;
    this.io._release();
  }

  private _up({ sid, pid, offset }: any): void {
    this.id = sid;
    this.recovered = !!pid && pid === this._pid;
    this._pid = typeof pid === "string" ? pid : undefined;
    if (!this.recovered) this._offset._start(offset);
    this.connected = this._flushing = true;
    this._asking = false;
    this._tried = true;

    const epoch = this._epoch;
    // A listener may disconnect at any point, and may emit more: that goes behind what waits already.
    while (epoch === this._epoch && this.receiveBuffer.length) this._dispatch(this.receiveBuffer.shift()!);
    while (epoch === this._epoch && this.sendBuffer.length) {
      const p = this.sendBuffer.shift()!;
      gone(this, p);
      this._transmit(p);
    }
    this._flushing = false;
    if (epoch !== this._epoch) return;
    this._retry?._drain(true);
    this._fire("connect");
  }

  private _down(reason: DisconnectReason, details?: DisconnectDetails): void {
    this.connected = this._asking = false;
    this.id = undefined;
    this._epoch++;
    this._fire("disconnect", reason, details);
    // An event that still waits in the buffer can yet be answered.
    this._acks._failAll(new Set(this.sendBuffer.map((p) => p.id)), "socket has been disconnected");
  }

  private _encoded(p: Packet): Outgoing {
    return { ...p, _frames: this.io.encoder.encode(p) };
  }

  /** Sends a packet, keeps it for later, or drops it. fn waits for its answer. */
  private _post(p: Outgoing, flags: Flags, fn?: Listener & { withError?: boolean }, withError = !!fn?.withError): void {
    const ready = this.connected && !this._flushing && !this.io.engine._checkLate();
    const dropped = flags.volatile && !(ready && this.io.engine._idle);
    const timeout = flags.timeout ?? this._opts.ackTimeout;
    if (fn && (!dropped || withError || timeout !== undefined)) {
      this._acks._add(p.id!, fn, withError, timeout, () => this._unkeep(p));
    }
    if (dropped) return;
    if (ready) this._transmit(p);
    else this._buffer(p);
  }

  private _transmit(p: Outgoing): void {
    this.io._send(p);
    for (const fn of this._anyOut) this._guard(fn, p.data);
  }

  private _buffer(p: Outgoing): void {
    this.sendBuffer.push(p);
    kept(this, p, () => this._drop(p, "the event has expired"));
    while (this.sendBuffer.length > limit(this._opts)) {
      const { length } = this.sendBuffer;
      this._drop(this.sendBuffer[this._opts.dropPolicy === "newest" ? length - 1 : 0], bufferFull);
    }
  }

  private _drop(p: Outgoing, why: string): void {
    this._unkeep(p);
    this._acks._fail(p.id, why);
  }

  private _unkeep(p: Outgoing): void {
    this.sendBuffer = this.sendBuffer.filter((other) => other !== p);
    gone(this, p);
  }

  /** The function with which a listener answers an event: once, and only on the connection that asked. */
  private _answer(id: number): Listener {
    let epoch: number | undefined = this._epoch;
    return (...args) => {
      if (epoch !== this._epoch) return;
      const p = this._encoded({ type: PacketType.ACK, nsp: this.nsp, id, data: args });
      epoch = undefined;
      this.io._send(p);
      this.io.engine._owe();
    };
  }

  private _dispatch(data: any[]): void {
    for (const fn of this._anyIn) this._guard(fn, data);
    if (this._opts.anything) this._fire("anything", ...data);
    const [event, ...args] = data;
    this._fire(String(event), ...args);
    if (this._pid && typeof args[args.length - 1] !== "function") this._offset._note(args[args.length - 1]);
  }
}

const bufferFull = "the buffer is full";
const oldServer =
  "It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client";

/** A list without one function, or without any. */
function without(list: Listener[], fn?: Listener): Listener[] {
  if (!fn) return [];
  const at = list.indexOf(fn);
  return list.filter((_, i) => i !== at);
}
