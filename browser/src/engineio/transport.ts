// The seam between a connection and what carries its packets. Mirrors engineio/transport on the server.

import { authority, formatQuery, Query } from "../url";
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
  opened(): void;
  packet(p: Packet): void;
  /** The packets of the last send have left; send may be called again. */
  drained(): void;
  /** The transport is gone, with an error or in good order. */
  closed(why: TransportError | CloseDetails): void;
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
  /** The largest body in bytes that polling accepts, 64 MiB by default. */
  maxResponse?: number;
  /** WebSocket sub-protocols. */
  protocols?: string | string[];
}

/** A class of transports; kind is the name on the wire. */
export interface TransportClass {
  new (options: TransportOptions, sink: Sink): Transport;
  readonly kind: string;
}

export abstract class Transport {
  abstract readonly name: string;
  /** Whether send may be called. */
  writable = false;
  /** The session, once known; part of every URL from then on. */
  sid?: string;

  constructor(
    protected options: TransportOptions,
    public sink: Sink,
  ) {}

  abstract open(): void;
  /** Sends packets in order. Only while writable; the transport then reports drained. */
  abstract send(packets: Packet[]): void;
  /** Stops. The peer is told where the transport has a way to; the sink hears no more. */
  abstract close(): void;

  /** Nothing waits below this transport to be sent. */
  get idle(): boolean {
    return this.writable;
  }

  protected url(scheme: string, stamp: boolean | undefined): string {
    const o = this.options;
    const query: Query = { ...o.query, EIO: 4, transport: this.name };
    if (this.sid) query.sid = this.sid;
    if (o.forceBase64) query.b64 = 1;
    if (stamp) query[o.timestampParam || "t"] = Math.random().toString(36).slice(2, 10);
    const s = o.secure ? "s" : "";
    const port = o.port === (s ? "443" : "80") ? "" : o.port;
    const host = authority(o.hostname, port).replace(/:$/, "");
    return scheme + s + "://" + host + o.path + "?" + formatQuery(query);
  }
}

/** Hears nothing: the sink of a transport that is no longer wanted. */
export const nobody: Sink = {
  opened() {},
  packet() {},
  drained() {},
  closed() {},
};
