// The seam between a connection and what carries its packets. Mirrors engineio/transport on the server.

import { authority, Query } from "../url";
import type { Packet } from "./packet";

/** Why a transport failed. The fields bear the names that programs written for the reference read. */
export class TransportError extends Error {
  readonly type = "TransportError";

  /** description: the HTTP status or the cause; context: the response or the event of the browser. */
  constructor(
    message: string,
    readonly description?: unknown,
    readonly context?: unknown,
  ) {
    super(message);
  }
}

/** More about a close that is not an error. */
export interface CloseDetails {
  description: string;
  context?: unknown;
}

/** Who listens to a transport. A transport that has reported closed calls no more. */
export interface Sink {
  /** The transport can carry packets; a polling transport never says so, its first packet does. */
  _opened(): void;
  _packet(p: Packet): void;
  /** The packets of the last send have left; send may be called again. */
  _drained(): void;
  /** The transport is gone, with an error or in good order. */
  _closed(why: TransportError | CloseDetails): void;
}

/** What a transport needs to know; the connection fills it in from its own options. */
export interface TransportOptions {
  secure: boolean;
  hostname: string;
  port: string;
  path: string;
  query: Query;
  /** Never send binary frames, also over WebSocket. */
  forceBase64?: boolean;
  /** Name of the query parameter that makes each URL unique, "t" by default. */
  timestampParam?: string;
  /** Polling makes its URLs unique unless this is false, WebSocket only if it is true. */
  timestampRequests?: boolean;
  /** Send cookies to another origin too. */
  withCredentials?: boolean;
  /** Headers of polling requests; a browser allows none on a WebSocket. */
  extraHeaders?: { [header: string]: string };
  /** Time in ms for one polling request, 0 (no limit) by default. */
  requestTimeout?: number;
  /**
   * The largest polling response or WebTransport frame in bytes, 8 MiB by default. In Node.js also the largest message of
   * package ws; a browser limits what comes over its WebSocket by itself, or not.
   */
  maxResponse?: number;
  /** WebSocket sub-protocols. */
  protocols?: string | string[];
  /** A class to use in place of the global WebSocket, such as that of package ws in Node.js. */
  WebSocket?: any;
  /** Options for one transport, by its name; they win. WebTransport hands its own to the browser. */
  transportOptions?: { [name: string]: any };
  /** @internal The cookies of the connection, where the platform keeps none. */
  cookies?: unknown;
}

/** A class of transports; the name in its prototype is the one on the wire. */
export interface TransportClass {
  new (options: TransportOptions, sink: Sink): Transport;
  readonly prototype: Transport;
  /** Whether it can be used here. */
  available(options: { WebSocket?: unknown }): boolean;
}

// A handshake is some hundred bytes; a server that sends more is not an Engine.IO server.
const maxHandshake = 65_536;
/** The default of the option of that name. */
export const maxResponse = 8_388_608;

export abstract class Transport {
  abstract readonly name: string;
  /** Whether send may be called. */
  writable = false;
  /** The session, once known; part of every URL from then on. */
  sid?: string;

  constructor(
    protected _options: TransportOptions,
    public _sink: Sink,
  ) {}

  abstract open(): void;
  /** Sends packets in order. Only while writable; the transport then reports drained. */
  abstract send(packets: Packet[]): void;

  /** Stops. The peer is told where the transport has a way to; the sink hears no more. */
  close(): void {
    this._sink = nobody;
    this.writable = false;
    this._stop();
  }

  /** Nothing waits below this transport to be sent. */
  get _idle(): boolean {
    return this.writable;
  }

  /** The longest response or frame in bytes that is accepted now. */
  protected get _limit(): number {
    return this.sid ? this._options.maxResponse || maxResponse : maxHandshake;
  }

  protected abstract _stop(): void;

  /** The end, by an error; one that is no TransportError becomes the description of one. */
  protected _fail(err: unknown, message = "server error"): void {
    this.writable = false;
    this._sink._closed(err instanceof TransportError ? err : new TransportError(message, err));
  }

  /** Hands a packet on that came from the peer; one that can't be read ends the transport. */
  protected _take(decode: () => Packet): void {
    let p: Packet;
    try {
      p = decode();
    } catch (err) {
      return this._fail(err);
    }
    this._sink._packet(p);
  }

  protected _url(scheme: string, stamp: boolean | undefined): string {
    const o = this._options;
    const query: Query = { ...o.query, EIO: 4, transport: this.name };
    if (this.sid) query.sid = this.sid;
    if (o.forceBase64) query.b64 = 1;
    if (stamp) query[o.timestampParam || "t"] = Math.random().toString(36).slice(2);
    return scheme + (o.secure ? "s://" : "://") + authority(o.hostname, o.port) + o.path + "?" + String(new URLSearchParams(query)).replace(/\+/g, "%20");
  }
}

/** Hears nothing: the sink of a transport that is no longer wanted. */
export const nobody: Sink = {
  _opened() {},
  _packet() {},
  _drained() {},
  _closed() {},
};
