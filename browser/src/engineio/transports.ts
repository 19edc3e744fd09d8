// The transports that can be named in the option of that name, in the order in which they are tried.

import { Polling } from "./polling";
import type { TransportClass } from "./transport";
import { WebSocketTransport } from "./websocket";
import { WebTransportTransport } from "./webtransport";

export const builtin: TransportClass[] = [Polling, WebSocketTransport, WebTransportTransport];

/** How long in ms a transport waits for better ones that are probed at the same time: WebTransport is favoured. */
export function headStart(c: TransportClass, others: TransportClass[]): number {
  return c !== WebTransportTransport && others.includes(WebTransportTransport) ? 200 : 0;
}
