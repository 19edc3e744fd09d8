// The entry: io() and what a program may take apart.

import type { Events } from "./emitter";
import { Polling } from "./engineio/polling";
import { WebSocketTransport } from "./engineio/websocket";
import { Manager, ManagerOptions } from "./manager";
import { protocol } from "./parser";
import { Socket, SocketOptions } from "./socket";
import { target } from "./url";

export interface Options extends ManagerOptions, SocketOptions {
  /** Always make a connection of its own. */
  forceNew?: boolean;
  /** Share the connection with other namespaces of the same server, true by default. */
  multiplex?: boolean;
}

const managers: { [id: string]: Manager } = Object.create(null);

/**
 * Connects to a server, by default the page's own, and returns the socket of the namespace that the path of the URL
 * names. A second call for another namespace of the same server shares the connection; one for the same namespace
 * makes another.
 */
function lookup<L = Events, E = L>(url?: string | Options, opts: Options = {}): Socket<L, E> {
  if (typeof url === "object") {
    opts = url;
    url = undefined;
  }
  const to = target(url, opts.path || "/socket.io");
  const cached = managers[to.id];
  const own = opts.forceNew || opts.multiplex === false || (cached && to.path in cached.nsps);
  let manager = cached;
  if (own || !cached) {
    manager = new Manager(to.href, { ...opts, query: opts.query || to.query });
    if (!own) managers[to.id] = manager;
  }
  return manager.socket<L, E>(to.path, opts);
}

export const io = Object.assign(lookup, { io: lookup, connect: lookup, Manager, Socket, protocol });
export default io;
export type { Events } from "./emitter";
export type { LifeCycle, DisconnectReason, DisconnectDetails, ConnectError } from "./lifecycle";
export { lookup as connect, Manager, Socket, protocol, Polling, WebSocketTransport };
