// io(): from a URL to the socket of a namespace, with one connection for each server.

import type { Events } from "./emitter";
import { Manager, ManagerOptions } from "./manager";
import { protocol } from "./parser";
import { Socket, SocketOptions } from "./socket";
import { target } from "./url";

export interface Options extends ManagerOptions, SocketOptions {
  /** Always make a connection of its own. */
  forceNew?: boolean;
  /** The same, as programs of old say it. */
  "force new connection"?: boolean;
  /** Share the connection with other namespaces of the same server, true by default. */
  multiplex?: boolean;
}

const managers: { [id: string]: Manager } = /* @__PURE__ */ Object.create(null);

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
  const cached = managers[to._id];
  const own = opts.forceNew || opts["force new connection"] || opts.multiplex === false || (cached && to._path in cached.nsps);
  let manager = cached;
  if (own || !cached) {
    manager = new Manager(to._href, { ...opts, query: opts.query || to._query });
    if (!own) managers[to._id] = manager;
  }
  return manager.socket<L, E>(to._path, opts);
}

export const io = /* @__PURE__ */ Object.assign(lookup, { io: lookup, connect: lookup, Manager, Socket, protocol });
