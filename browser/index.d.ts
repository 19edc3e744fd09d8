// The client as programs see it. Names and type parameters are those of socket.io-client 4.8, so that interfaces which
// were written or generated for it fit. A test holds the sources to this file.

/** Listener signatures by event name. */
export interface EventsMap {
  [event: string]: any;
}
/** What is known of events when nothing is said: nothing. */
export interface DefaultEventsMap {
  [event: string]: (...args: any[]) => void;
}
export type EventNames<M> = keyof M & (string | symbol);
export type EventParams<M, E extends keyof M> = M[E] extends (...args: infer A) => any ? A : any[];

export type Last<T extends any[]> = T extends [...any[], infer L] ? L : any;
export type AllButLast<T extends any[]> = T extends [...infer H, any] ? H : any[];
export type FirstArg<T> = T extends (arg: infer A, ...rest: any[]) => any ? A : any;
type FirstAnswer<T> = T extends (err: Error, arg: infer A, ...rest: any[]) => any ? A : FirstArg<T>;
type WithError<A extends any[]> = {
  [K in keyof A]: A[K] extends (...args: infer P) => infer R ? (err: Error, ...args: P) => R : A[K];
};
/** The events of M when each acknowledgement takes an error first, as it does after timeout(). */
export type DecorateAcknowledgements<M> = {
  [K in keyof M]: M[K] extends (...args: infer A) => infer R ? (...args: WithError<A>) => R : M[K];
};
/** The listener of an event, of the library or of the program. */
type ListenerOf<Own, M, E> = E extends keyof Own
  ? Own[E]
  : E extends keyof M
    ? M[E] extends (...args: any[]) => any
      ? M[E]
      : (...args: any[]) => void
    : never;

declare class Emitter<Listen extends EventsMap, Own extends {}> {
  on<E extends EventNames<Own> | EventNames<Listen>>(event: E, fn: ListenerOf<Own, Listen, E>): this;
  once<E extends EventNames<Own> | EventNames<Listen>>(event: E, fn: ListenerOf<Own, Listen, E>): this;
  off<E extends EventNames<Own> | EventNames<Listen>>(event?: E, fn?: ListenerOf<Own, Listen, E>): this;
  addEventListener: this["on"];
  removeListener: this["off"];
  removeEventListener: this["off"];
  removeAllListeners: this["off"];
  listeners<E extends EventNames<Own> | EventNames<Listen>>(event: E): ListenerOf<Own, Listen, E>[];
  hasListeners<E extends EventNames<Own> | EventNames<Listen>>(event: E): boolean;
}

/** More about the end of a connection. */
export type DisconnectDescription = Error | { description: string; context?: unknown };

/** An error of a connection; data is what the server's middleware says about it. */
export type ConnectError = Error & { data?: any };

interface SocketEvents {
  connect: () => void;
  connect_error: (err: ConnectError) => void;
  disconnect: (reason: Socket.DisconnectReason, description?: DisconnectDescription) => void;
  /** The transport stands; connect follows when the server accepts the namespace. */
  connecting: (transport: string) => void;
  /** As connect_error, for the first attempt only. */
  connect_failed: (err: ConnectError) => void;
  /** An attempt begins, after delay in ms. */
  reconnecting: (delay: number, attempt: number) => void;
  reconnect: (transport: string, attempts: number) => void;
  reconnect_failed: () => void;
  /** What no other listener was there for, and what listeners throw. */
  error: (err: any) => void;
}

export interface SocketOptions {
  /** Credentials, sent at each connection; a function is asked anew each time. */
  auth?: { [key: string]: any } | ((send: (data: object) => void) => void);
  /** Send each event until it is acknowledged, at most 1 + retries times. Events then go out one at a time. */
  retries?: number;
  /** Time in ms for every acknowledgement, none by default. */
  ackTimeout?: number;
  /** How many events may wait to be sent; without limit by default, with the option offline 1000. */
  maxBuffered?: number;
  /** Time in ms that an event may wait for a connection; without limit by default, with the option offline a day. */
  bufferTTL?: number;
  /** Keeps what waits in a storage of the browser, until it is sent or, with retries, answered. */
  offline?: OfflineBuffer;
  /** Which event goes when there are more: the "oldest", the default, or the "newest", which it always is with retries. */
  dropPolicy?: "oldest" | "newest";
  /** Raise "anything" with the name and the arguments of every event that comes. */
  anything?: boolean;
}

/** One end of a namespace: Listen are the events that come, Emit those that go. */
export class Socket<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen> extends Emitter<
  Listen,
  SocketEvents
> {
  readonly io: Manager<Listen, Emit>;
  /** Undefined while disconnected. */
  id: string | undefined;
  connected: boolean;
  /** Whether the last connection continued the session before it, nothing missed. */
  recovered: boolean;
  auth?: SocketOptions["auth"];
  receiveBuffer: ReadonlyArray<any>[];
  sendBuffer: any[];
  readonly nsp: string;
  get disconnected(): boolean;
  /** Whether the socket is connected or will be without more ado. */
  get active(): boolean;

  connect(): this;
  open(): this;
  disconnect(): this;
  close(): this;
  send(...args: any[]): this;
  /** Sends an event; a function as the last argument is called with the answer. While disconnected the event waits. */
  emit<E extends EventNames<Emit>>(event: E, ...args: EventParams<Emit, E>): this;
  /** Sends an event and resolves to the answer; rejects on a timeout or a disconnect. */
  emitWithAck<E extends EventNames<Emit>>(
    event: E,
    ...args: AllButLast<EventParams<Emit, E>>
  ): Promise<FirstAnswer<Last<EventParams<Emit, E>>>>;
  /** The next emit's acknowledgement takes an error first, which comes after ms without an answer. */
  timeout(ms: number): Socket<Listen, DecorateAcknowledgements<Emit>>;
  /** The next emit is dropped if it can't leave at once. */
  get volatile(): this;
  compress(compress: boolean): this;

  onAny(fn: (...args: any[]) => void): this;
  prependAny(fn: (...args: any[]) => void): this;
  offAny(fn?: (...args: any[]) => void): this;
  listenersAny(): ((...args: any[]) => void)[];
  onAnyOutgoing(fn: (...args: any[]) => void): this;
  prependAnyOutgoing(fn: (...args: any[]) => void): this;
  offAnyOutgoing(fn?: (...args: any[]) => void): this;
  listenersAnyOutgoing(): ((...args: any[]) => void)[];
}

export namespace Socket {
  /** After the first two the socket stays disconnected until connect() is called. */
  type DisconnectReason =
    | "io server disconnect"
    | "io client disconnect"
    | "ping timeout"
    | "transport close"
    | "transport error"
    | "parse error"
    | "forced close";
}

/** A transport to use, by its name or by its class. */
export type TransportChoice = "polling" | "websocket" | "webtransport" | TransportClass | (string & {});

/** One of the exported classes of transports. */
export interface TransportClass {
  new (...args: any[]): Transport;
  available(options: { WebSocket?: unknown }): boolean;
}

export interface Transport {
  readonly name: string;
  writable: boolean;
  /** The browser's object under the transport "websocket". */
  ws?: any;
}

export interface EngineOptions {
  host?: string;
  hostname?: string;
  port?: string | number;
  secure?: boolean;
  path?: string;
  /** Added to every URL. */
  query?: { [key: string]: any } | string;
  /** Tried in order; ["polling", "websocket", "webtransport"] by default. What can't be used is passed over. */
  transports?: TransportChoice[];
  upgrade?: boolean;
  rememberUpgrade?: boolean;
  tryAllTransports?: boolean;
  forceBase64?: boolean;
  timestampParam?: string;
  timestampRequests?: boolean;
  withCredentials?: boolean;
  extraHeaders?: { [header: string]: string };
  requestTimeout?: number;
  /**
   * The largest response of polling or frame of WebTransport in bytes, 8 MiB by default. In Node.js also the largest message
   * of package ws.
   */
  maxResponse?: number;
  protocols?: string | string[];
  transportOptions?: { [transport: string]: any };
  addTrailingSlash?: boolean;
  closeOnBeforeunload?: boolean;
  useNativeTimers?: boolean;
  autoUnref?: boolean;
  /** The class to use for WebSockets, such as that of package ws in Node.js. */
  WebSocket?: any;
  /** Handed to the WebSocket class in Node.js. */
  perMessageDeflate?: any;
  agent?: any;
}

export interface ManagerOptions extends EngineOptions {
  reconnection?: boolean;
  reconnectionAttempts?: number;
  /** In ms, 1000 by default. */
  reconnectionDelay?: number;
  /** In ms, 5000 by default. */
  reconnectionDelayMax?: number;
  /** Part of the delay that is random, 0.5 by default. */
  randomizationFactor?: number;
  /** Time in ms for one attempt to connect, 20000 by default. */
  timeout?: number | false;
  autoConnect?: boolean;
  /** Another codec, such as the one of "@socketio-go/client/msgpack"; the server must have the same. */
  parser?: any;
  /** Attachments that a packet may have, either way; 10 by default, as on the server. */
  maxAttachments?: number;
  /** End the wait for the next attempt when the network is back or the page is looked at again. */
  reconnectOnline?: boolean;
}

interface ManagerEvents {
  open: () => void;
  error: (err: Error) => void;
  ping: () => void;
  packet: (packet: any) => void;
  close: (reason: string, description?: DisconnectDescription) => void;
  reconnect: (attempt: number) => void;
  reconnect_attempt: (attempt: number) => void;
  reconnect_error: (err: Error) => void;
  reconnect_failed: () => void;
}

/** A connection, and the sockets that share it. */
export class Manager<Listen extends EventsMap = DefaultEventsMap, Emit extends EventsMap = Listen> extends Emitter<
  {},
  ManagerEvents
> {
  constructor(opts: Partial<ManagerOptions>);
  constructor(uri?: string, opts?: Partial<ManagerOptions>);
  readonly uri?: string;
  opts: Partial<ManagerOptions>;
  readonly nsps: { [nsp: string]: any };
  engine: Engine;
  reconnection(): boolean;
  reconnection(v: boolean): this;
  reconnectionAttempts(): number;
  reconnectionAttempts(v: number): this;
  reconnectionDelay(): number;
  reconnectionDelay(v: number): this;
  randomizationFactor(): number;
  randomizationFactor(v: number): this;
  reconnectionDelayMax(): number;
  reconnectionDelayMax(v: number): this;
  timeout(): number | false;
  timeout(v: number | false): this;
  open(fn?: (err?: Error) => void): this;
  connect(fn?: (err?: Error) => void): this;
  socket(nsp: string, opts?: Partial<SocketOptions>): Socket<Listen, Emit>;
}

/** The Engine.IO connection under a manager. */
export interface Engine extends Emitter<DefaultEventsMap, {}> {
  id?: string | null;
  readyState: "opening" | "open" | "closing" | "closed";
  transport: Transport;
  writeBuffer: any[];
  binaryType?: "arraybuffer" | "blob" | "nodebuffer";
  send(data: any, options?: any, fn?: () => void): this;
  write(data: any, options?: any, fn?: () => void): this;
  close(): this;
}

export interface Options extends ManagerOptions, SocketOptions {
  /** Always make a connection of its own. */
  forceNew?: boolean;
  /** The same, as programs of old say it. */
  "force new connection"?: boolean;
  /** Share the connection with other namespaces of the same server, true by default. */
  multiplex?: boolean;
}

/** Connects to a server, by default the page's own; the path of the URL names the namespace. */
declare function lookup(opts?: Partial<Options>): Socket;
declare function lookup(uri: string | Partial<Options>, opts?: Partial<Options>): Socket;
declare namespace lookup {
  export { lookup as io, lookup as connect, Manager, Socket, protocol };
}

/** The version of the Socket.IO protocol. */
export const protocol: number;
export { lookup as io, lookup as connect, lookup as default };

export const Fetch: TransportClass;
export const XHR: TransportClass;
export const NodeXHR: TransportClass;
export const WebSocket: TransportClass;
export const NodeWebSocket: TransportClass;
export const WebTransport: TransportClass;

/** Where events can be kept beyond the life of a page. Each call may fail; the event is then kept in memory alone. */
export interface OfflineStorage {
  load(): Promise<StoredEvent[]>;
  put(event: StoredEvent): Promise<void>;
  remove(id: string): Promise<void>;
}
export interface StoredEvent {
  /** Sorts in the order in which the events were emitted. */
  id: string;
  owner: string;
  nsp: string;
  data: any[];
  /** When it expires, in ms since 1970. */
  until: number;
}
/** The events of a page that wait for a connection, in a storage that outlives the page: io(url, { offline }). */
export class OfflineBuffer {
  /** The storage is indexedDBStorage() by default. failed hears what goes wrong with it. */
  constructor(storage?: OfflineStorage, failed?: (err: unknown) => void);
  /** Resolves once the storage knows what happened so far. */
  settled(): Promise<void>;
}
/** A storage in IndexedDB, which takes bytes too. */
export function indexedDBStorage(name?: string): OfflineStorage;
/** A storage in localStorage, by default, or what looks like it: small, and for events without bytes. */
export function webStorage(storage?: any, prefix?: string): OfflineStorage;
