// The transports of the smallest bundle: what nearly every page uses.

import { Polling } from "./polling";
import type { Transport, TransportClass } from "./transport";
import { WebSocketTransport } from "./websocket";

export const builtin: TransportClass[] = [Polling, WebSocketTransport];

/** Begins to probe a transport. There is one, at most. */
export function begin(candidate: Transport): void {
  candidate.open();
}
