// The transports of the smallest bundle: what nearly every page uses.

import { Polling } from "./polling";
import type { TransportClass } from "./transport";
import { WebSocketTransport } from "./websocket";

export const builtin: TransportClass[] = [Polling, WebSocketTransport];

/** How long in ms a transport waits for better ones that are probed at the same time: there is one, at most. */
export function headStart(): number {
  return 0;
}
