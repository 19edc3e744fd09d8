// What a socket tells of its own life. These names are local: none of them goes on the wire.

import type { CloseDetails, TransportError } from "./engineio/transport";

/** Why a socket was disconnected. After the first two it stays so until connect() is called. */
export type DisconnectReason =
  | "io server disconnect"
  | "io client disconnect"
  | "ping timeout"
  | "transport close"
  | "transport error"
  | "parse error"
  | "forced close";

export type DisconnectDetails = Error | TransportError | CloseDetails;

/** An error of a connection; data is what the server's middleware says about it. */
export type ConnectError = Error & { data?: any };

/**
 * The events that the library itself raises on a socket. The first connection is connecting, connect; a loss and the
 * return are disconnect, reconnecting (once for each attempt), connecting, reconnect, connect.
 */
export interface LifeCycle {
  /** The transport stands; connect follows when the server accepts the namespace. */
  connecting: (transport: string) => void;
  connect: () => void;
  /** An attempt failed, or the server refused. */
  connect_error: (err: ConnectError) => void;
  /** The same, for the first attempt only. */
  connect_failed: (err: ConnectError) => void;
  disconnect: (reason: DisconnectReason, details?: DisconnectDetails) => void;
  /** An attempt begins; delay is how long it was waited for in ms. */
  reconnecting: (delay: number, attempt: number) => void;
  /** An attempt has reached the server. */
  reconnect: (transport: string, attempts: number) => void;
  /** The attempts are used up. */
  reconnect_failed: () => void;
  /** What no other listener was there for: a failed connection, a bad packet, a listener that threw. */
  error: (err: any) => void;
}
