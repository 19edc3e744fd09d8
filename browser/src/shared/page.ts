// A page's end of the shared worker: io() as ever, with one connection for all pages of a site.
//
// A socket here is the Socket of every other page; what is different is its manager, which has a port to the worker in
// place of a connection. Where there are no shared workers, the page has a connection of its own.

import { clock } from "../clock";
import { Emitter } from "../emitter";
import { io as own, Options } from "../io";
import type { Frames, Packet } from "../parser";
import { Socket } from "../socket";
import { target } from "../url";
import { FromPage, FromWorker } from "./messages";

export interface SharedOptions extends Options {
  /** The address of the worker, socket.io.worker.min.js; by default beside the script that this is part of. */
  worker?: string;
}

/** What stands for the manager in a page. Its events are those of the manager in the worker. */
class Port extends Emitter {
  readonly nsps: { [nsp: string]: Socket<any, any> } = {};
  readonly engine = { _idle: true, _checkLate: () => false, _owe() {}, transport: { name: "" } };
  /** Nothing is encoded: values cross as they are, and the worker encodes them. */
  readonly encoder = { encode: (p: Packet) => [{ ...p }] as unknown as Frames };
  readonly _clock = clock({});
  socket!: Socket<any, any>;

  constructor(private _post: (message: object) => void, private _join: object) {
    super();
  }

  _want(socket: Socket<any, any>): void {
    const { auth } = socket;
    if (typeof auth === "function") auth((data: object) => this._post({ join: this._join, auth: data }));
    else this._post({ join: this._join, auth });
  }

  _send({ _frames }: { _frames: Frames }): void {
    this._post({ packet: _frames[0] });
  }

  _release(): void {
    this._post({ packet: { type: 1, nsp: this.socket.nsp } });
  }

  _broken(err: Error): void {
    this.socket._lost("parse error", err);
  }

  /** The page is shown again. */
  _again(): void {
    if (!this.socket.active) return;
    this.socket._lost("transport close");
    this._want(this.socket);
  }

  /** What the worker says. */
  _hear(message: FromWorker): void {
    const s = this.socket;
    if ("tell" in message) {
      if (message.manager) this._fire(message.tell, ...message.args);
      else if (s.active) s._fire(message.tell, ...message.args);
    } else if (!s.active) {
      return; // the page has left meanwhile
    } else if ("packet" in message) {
      s._receive(message.packet);
    } else if ("opened" in message) {
      this.engine.transport.name = message.opened;
      s._opened(message.opened);
    } else if ("refused" in message) {
      s._refused(Object.assign(new Error(message.refused), { data: message.data }));
    } else {
      s._lost(message.lost as any, message.description ? { description: message.description } : undefined);
    }
  }
}

const ports = new Map<string, { port: MessagePort; heard: Map<number, Port> }>();
let members = 0;

/** The port to a worker, one for each in a page. */
function portTo(worker: string) {
  let p = ports.get(worker);
  if (!p) {
    const { port } = new SharedWorker(worker, "socket.io");
    const heard = new Map<number, Port>();
    ports.set(worker, (p = { port, heard }));
    port.onmessage = ({ data }: MessageEvent<FromWorker>) => heard.get(data.member)?._hear(data);
    const say = (message: FromPage) => port.postMessage(message);
    // A page that ends without a word is noticed by the lock that it held.
    const lock = "socketio-page:" + Math.random().toString(36).slice(2);
    void globalThis.navigator?.locks?.request(lock, () => {
      say({ lock });
      return new Promise(() => {});
    });
    // A page that may be shown again says goodbye too: it hears nothing until then.
    addEventListener("pagehide", () => say({ bye: true }));
    addEventListener("pageshow", (e) => {
      if (e.persisted) for (const one of heard.values()) one._again();
    });
  }
  return p;
}

/** io() over the shared worker at that address. */
export function sharedWith(worker: string) {
  return function io(url?: string | SharedOptions, opts: SharedOptions = {}): Socket<any, any> {
    if (typeof url === "object") {
      opts = url;
      url = undefined;
    }
    if (typeof SharedWorker === "undefined") return own(url, opts);
    const to = target(url, opts.path);
    const { worker: at, auth, autoConnect, retries, ackTimeout, offline, forceNew, "force new connection": _, multiplex, ...options } = opts;
    const member = ++members;
    const { port, heard } = portTo(at || worker);
    const post = (message: object) => port.postMessage({ ...message, member });
    // By way of JSON: what can't cross is left behind, and equal options have equal texts.
    const join = { href: to._href, nsp: to._path, options: JSON.parse(JSON.stringify({ query: to._query, ...options })) };
    const manager = new Port(post, join);
    manager.nsps[to._path] = manager.socket = new Socket<any, any>(manager as any, to._path, opts);
    heard.set(member, manager);
    if (autoConnect !== false) manager.socket.connect();
    return manager.socket;
  };
}
