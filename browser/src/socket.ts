// A client's end of one namespace: events both ways, acknowledgements, the buffer while offline.

import { Acks } from "./ack";
import { Emitter, Events, Listener } from "./emitter";
import type { ConnectError, DisconnectDetails, DisconnectReason, LifeCycle } from "./lifecycle";
import type { Manager } from "./manager";
import { Offset } from "./offset";
import { Frames, isReserved, Packet, PacketType } from "./parser";
import { RetryQueue } from "./retry";

export interface SocketOptions {
  /** Credentials, sent at each connection; a function is asked anew each time. */
  auth?: { [key: string]: any } | ((send: (data: object) => void) => void);
  /** Send each event until it is acknowledged, at most 1 + retries times. Events then go out one at a time. */
  retries?: number;
  /** Time in ms for every acknowledgement, none by default. */
  ackTimeout?: number;
  /** How many events may wait to be sent, without limit by default. */
  maxBuffered?: number;
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
  frames: Frames;
  compress?: boolean;
}

type Args<M, E extends keyof M> = M[E] extends (...args: infer A) => any ? A : any[];

// Events that come before the answer to CONNECT wait for it; a recovery sends what was missed that way.
const maxEarly = 10000;

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
  private wanted = false;
  /** CONNECT was sent and not answered. */
  private asking = false;
  /** No attempt since connect() has ended yet. */
  private firstTry = true;
  /** Counts connections: what belongs to an earlier one is stale. */
  private epoch = 0;
  /** Hold emits back: what was buffered goes first. */
  private flushing = false;
  private failing = false;
  private flags: Flags = {};
  private ids = 0;
  private acks: Acks;
  private pid?: string;
  private offset = new Offset();
  private anyIn: Listener[] = [];
  private anyOut: Listener[] = [];
  private retry?: RetryQueue<Outgoing>;

  /** Sockets are made by io() and manager.socket(). */
  constructor(
    readonly io: Manager,
    nsp: string,
    private opts: SocketOptions = {},
  ) {
    super();
    this.nsp = nsp;
    this.auth = opts.auth;
    this.acks = new Acks(io._clock, (fn, args) => this.guard(fn, args));
    if (opts.retries) {
      this.retry = new RetryQueue(
        opts.retries,
        (p, timeout, answered) => this.post(p, { timeout }, answered, true),
        () => this.connected && !this.flushing,
      );
    }
  }

  get disconnected(): boolean {
    return !this.connected;
  }

  /** Whether the socket is connected or will be without more ado. */
  get active(): boolean {
    return this.wanted;
  }

  connect(): this {
    if (this.connected || (this.wanted && this.asking)) return this;
    if (!this.wanted) this.firstTry = true;
    this.wanted = true;
    this.io._want(this);
    return this;
  }

  open(): this {
    return this.connect();
  }

  /** Leaves the namespace, for good; the last socket to go closes the connection. */
  disconnect(): this {
    const connected = this.connected;
    if (connected) this.io._send(this.encoded({ type: PacketType.DISCONNECT, nsp: this.nsp }));
    this.release();
    if (connected) this.down("io client disconnect");
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
    const flags = this.flags;
    this.flags = {};
    if (isReserved(event)) throw new Error('"' + event + '" is a reserved event name');
    const data: any[] = [event, ...args];
    const fn = typeof data[data.length - 1] === "function" ? data.pop() : undefined;
    const retry = flags.volatile ? undefined : this.retry;
    // Encoded here and now: a mistake is thrown at the caller, and later changes of the arguments do not count.
    const p = this.encoded({ type: PacketType.EVENT, nsp: this.nsp, data, id: fn || retry ? this.ids++ : undefined });
    p.compress = flags.compress;
    if (!retry) {
      this.post(p, flags, fn);
    } else {
      const done: Listener = (...answer) => fn && this.guard(fn, answer);
      if (retry.length < this.maxBuffered) retry.add(p, flags.timeout, done);
      else done(new Error(bufferFull));
    }
    return this;
  }

  /** Sends an event and resolves to the first value of the answer; rejects on a timeout or a disconnect. */
  emitWithAck<E extends keyof Emit & string>(event: E, ...args: any[]): Promise<any> {
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
  timeout(ms: number): this {
    this.flags.timeout = ms;
    return this;
  }

  /** The next emit is dropped if it can't leave at once. */
  get volatile(): this {
    this.flags.volatile = true;
    return this;
  }

  /** Whether to compress the next emit, where the transport leaves the choice; browsers do not. */
  compress(compress: boolean): this {
    this.flags.compress = compress;
    return this;
  }

  /** fn hears every event that comes, before its own listeners. */
  onAny(fn: Listener): this {
    this.anyIn = this.anyIn.concat(fn);
    return this;
  }

  prependAny(fn: Listener): this {
    this.anyIn = [fn, ...this.anyIn];
    return this;
  }

  offAny(fn?: Listener): this {
    this.anyIn = without(this.anyIn, fn);
    return this;
  }

  listenersAny(): Listener[] {
    return this.anyIn;
  }

  /** fn hears every event that is sent. */
  onAnyOutgoing(fn: Listener): this {
    this.anyOut = this.anyOut.concat(fn);
    return this;
  }

  prependAnyOutgoing(fn: Listener): this {
    this.anyOut = [fn, ...this.anyOut];
    return this;
  }

  offAnyOutgoing(fn?: Listener): this {
    this.anyOut = without(this.anyOut, fn);
    return this;
  }

  listenersAnyOutgoing(): Listener[] {
    return this.anyOut;
  }

  // What the manager tells a socket that takes part.

  /** @internal The connection stands: ask for the namespace. */
  _opened(transport: string): void {
    if (this.connected || this.asking) return;
    this.asking = true;
    this.receiveBuffer = []; // of a connection that was lost before its answer; a recovery sends it anew
    const epoch = ++this.epoch;
    this.fire("connecting", transport);
    const ask = (data?: object) => {
      if (!this.asking || epoch !== this.epoch) return; // an answer of the auth function that came too late
      const session = this.pid ? { pid: this.pid, offset: this.offset.value } : undefined;
      const packet = { type: PacketType.CONNECT, nsp: this.nsp, data: session ? { ...session, ...data } : data };
      this.io._send(this.encoded(packet));
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
    this.asking = false;
    if (this.connected) return;
    let heard = this.fire("connect_error", err);
    if (this.firstTry) heard = this.fire("connect_failed", err) || heard;
    this.firstTry = false;
    if (!heard && !this.io.hasListeners("error") && !this.io.hasListeners("reconnect_error")) this.fire("error", err);
  }

  /** @internal The connection is gone. */
  _lost(reason: DisconnectReason, details?: DisconnectDetails): void {
    if (this.connected) this.down(reason, details);
    else if (this.asking) this._refused(details instanceof Error ? details : new Error(reason));
  }

  /** @internal Raises an event of the life cycle. */
  _tell(event: "reconnecting" | "reconnect" | "reconnect_failed" | "error", ...args: any[]): void {
    this.fire(event, ...args);
  }

  /** @internal A packet for this namespace came. */
  _receive(p: Packet): void {
    const data = p.data;
    switch (p.type) {
      case PacketType.CONNECT:
        if (this.connected) return;
        if (data && data.sid && typeof data.sid === "string") this.up(data);
        else this._refused(new Error(oldServer));
        return;
      case PacketType.CONNECT_ERROR: {
        if (this.connected) return;
        this.release();
        const err: ConnectError = new Error(typeof data === "string" ? data : data.message);
        err.data = data.data;
        this._refused(err);
        return;
      }
      case PacketType.DISCONNECT:
        this.release();
        if (this.connected) this.down("io server disconnect");
        return;
      case PacketType.EVENT:
      case PacketType.BINARY_EVENT:
        if (p.id !== undefined) data.push(this.answer(p.id));
        if (this.connected) this.dispatch(data);
        else if (this.receiveBuffer.push(data) > maxEarly) this.io._broken(new Error("too many events before CONNECT"));
        return;
      default:
        this.acks.answer(p.id, data);
    }
  }

  /** Errors of listeners go to the listeners of error, if there are any. */
  protected failed(err: unknown): void {
    if (this.failing || !this.hasListeners("error")) {
      super.failed(err);
      return;
    }
    this.failing = true;
    this.fire("error", err);
    this.failing = false;
  }

  private release(): void {
    this.wanted = this.asking = false;
    this.epoch++;
    this.io._release();
  }

  private up({ sid, pid, offset }: any): void {
    this.id = sid;
    this.recovered = !!pid && pid === this.pid;
    this.pid = typeof pid === "string" ? pid : undefined;
    if (!this.recovered) this.offset.start(offset);
    this.connected = this.flushing = true;
    this.asking = this.firstTry = false;

    const epoch = this.epoch;
    const early = this.receiveBuffer;
    this.receiveBuffer = [];
    for (const data of early) if (epoch === this.epoch) this.dispatch(data);
    // A listener may disconnect at any point, and may emit more: that goes behind what waits already.
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

  private down(reason: DisconnectReason, details?: DisconnectDetails): void {
    this.connected = this.asking = false;
    this.id = undefined;
    this.epoch++;
    this.fire("disconnect", reason, details);
    // An event that still waits in the buffer can yet be answered.
    this.acks.failAll(new Set(this.sendBuffer.map((p) => p.id)), "socket has been disconnected");
  }

  private get maxBuffered(): number {
    return this.opts.maxBuffered ?? Infinity;
  }

  private encoded(p: Packet): Outgoing {
    return { ...p, frames: this.io.encoder.encode(p) };
  }

  /** Sends a packet, keeps it for later, or drops it. fn waits for its answer. */
  private post(p: Outgoing, flags: Flags, fn?: Listener & { withError?: boolean }, withError = !!fn?.withError): void {
    const ready = this.connected && !this.flushing && !this.io.engine.checkLate();
    const dropped = flags.volatile && !(ready && this.io.engine.idle);
    const timeout = flags.timeout ?? this.opts.ackTimeout;
    if (fn && (!dropped || withError || timeout !== undefined)) {
      this.acks.add(p.id!, fn, withError, timeout, () => {
        this.sendBuffer = this.sendBuffer.filter((other) => other !== p);
      });
    }
    if (dropped) return;
    if (ready) this.transmit(p);
    else this.buffer(p);
  }

  private transmit(p: Outgoing): void {
    this.io._send(p);
    for (const fn of this.anyOut) this.guard(fn, p.data);
  }

  private buffer(p: Outgoing): void {
    this.sendBuffer.push(p);
    while (this.sendBuffer.length > this.maxBuffered) {
      const dropped = this.opts.dropPolicy === "newest" ? this.sendBuffer.pop()! : this.sendBuffer.shift()!;
      this.acks.fail(dropped.id, bufferFull);
    }
  }

  /** The function with which a listener answers an event: once, and only on the connection that asked. */
  private answer(id: number): Listener {
    let epoch: number | undefined = this.epoch;
    return (...args) => {
      if (epoch !== this.epoch) return;
      const p = this.encoded({ type: PacketType.ACK, nsp: this.nsp, id, data: args });
      epoch = undefined;
      this.io._send(p);
    };
  }

  private dispatch(data: any[]): void {
    for (const fn of this.anyIn) this.guard(fn, data);
    if (this.opts.anything) this.fire("anything", ...data);
    const [event, ...args] = data;
    this.fire(String(event), ...args);
    if (this.pid && typeof args[args.length - 1] !== "function") this.offset.note(args[args.length - 1]);
  }
}

const bufferFull = "the buffer is full";
const oldServer =
  "It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but they are not compatible " +
  "(more information here: https://socket.io/docs/v3/migrating-from-2-x-to-3-0/)";

/** A list without one function, or without any. */
function without(list: Listener[], fn?: Listener): Listener[] {
  if (!fn) return [];
  const at = list.indexOf(fn);
  return list.filter((_, i) => i !== at);
}
