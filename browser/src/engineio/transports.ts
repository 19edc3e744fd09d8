// The transports that can be named in the option of that name, in the order in which they are tried.

import { Polling } from "./polling";
import type { Transport, TransportClass } from "./transport";
import { WebSocketTransport } from "./websocket";
import { WebTransportTransport } from "./webtransport";

export const builtin: TransportClass[] = [Polling, WebSocketTransport, WebTransportTransport];

// How long in ms the others wait where WebTransport is probed at the same time: it is favoured.
const headStart = 200;

/** Begins to probe a transport, one of several maybe. Returns what gives up waiting for that. */
export function begin(candidate: Transport, all: TransportClass[]): (() => void) | void {
  if (candidate instanceof WebTransportTransport || !all.includes(WebTransportTransport)) return candidate.open();
  const timer = setTimeout(() => candidate.open(), headStart);
  return () => clearTimeout(timer);
}
