// The events of a page that wait for a connection, in a storage that outlives the page: io(url, { offline }).
//
// What the page that went away did not send, the next page sends. With the option retries, events count as sent when they
// are answered, and so arrive at least once; without it, when they have left. Functions that wait for an answer are gone
// with their page.

import type { Waiting } from "../offline";
import { indexedDBStorage, OfflineStorage, StoredEvent } from "./storage";

export interface Emits {
  nsp: string;
  emit: (event: any, ...args: any[]) => any;
}

const prefix = "socketio-offline:";

/** One for a page is enough: sockets of several namespaces can share it. */
export class OfflineBuffer {
  private readonly _owner = Math.random().toString(36).slice(2);
  private _ids = new Map<Waiting, string>();
  private _count = 0;
  private _last: Promise<unknown> = Promise.resolve();
  private _alive?: Promise<void>;
  private _restored: Promise<unknown> = Promise.resolve();

  /** failed hears what goes wrong with the storage; nothing else happens then. */
  constructor(
    private _storage: OfflineStorage = indexedDBStorage(),
    private _failed: (err: unknown) => void = () => {},
  ) {}

  /** @internal An event begins to wait, for at most ttl in ms. */
  kept(p: Waiting, ttl: number): void {
    if (this._ids.has(p)) return; // a try after the first
    const id = Date.now().toString(36).padStart(9, "0") + (this._count++).toString(36).padStart(6, "0") + this._owner;
    this._ids.set(p, id);
    const event: StoredEvent = { id, owner: this._owner, nsp: p.nsp, data: p.data, until: Date.now() + ttl };
    void this._do(() => this._storage.put(event));
  }

  /** @internal It waits no more. */
  gone(p: Waiting): void {
    const id = this._ids.get(p);
    if (!id) return;
    this._ids.delete(p);
    void this._do(() => this._storage.remove(id));
  }

  /** @internal Emits what pages that are no more have left to the namespace of the socket, in its order. */
  restore(socket: Emits): void {
    this._restored = Promise.all([this._restored, this._restore(socket).catch(this._failed)]);
  }

  /** Resolves once what other pages left is emitted, and the storage knows what happened so far. */
  async settled(): Promise<void> {
    await this._restored;
    await this._last;
  }

  private async _restore(socket: Emits): Promise<void> {
    await (this._alive ??= this._show());
    // One page at a time, so that none takes what another one is taking.
    await locked(prefix + "restore", async () => {
      const events = (await this._do(() => this._storage.load())) || [];
      const pages = await living();
      for (const e of events.sort((a, b) => (a.id < b.id ? -1 : 1))) {
        if (e.nsp !== socket.nsp || e.owner === this._owner || pages.has(e.owner)) continue;
        if (e.until > Date.now()) {
          try {
            socket.emit(e.data[0], ...e.data.slice(1));
          } catch (err) {
            this._failed(err);
          }
        }
        await this._do(() => this._storage.remove(e.id)); // after it was stored anew, if it has to wait again
      }
    });
  }

  /** Operations follow each other: an event is not removed before it was stored. */
  private _do<T>(operation: () => Promise<T>): Promise<T | undefined> {
    const result = this._last.then(operation).catch((err) => {
      this._failed(err);
      return undefined;
    });
    this._last = result;
    return result;
  }

  /** Holds a lock for as long as this page lives, so that others leave its events alone. */
  private _show(): Promise<void> {
    return new Promise((resolve) => {
      if (!locks()) return resolve();
      const held = locks()!.request(prefix + this._owner, () => {
        resolve();
        return new Promise(() => {});
      });
      held.catch(() => resolve()); // where the page may have none
    });
  }
}

function locks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks;
}

async function locked(name: string, fn: () => Promise<void>): Promise<void> {
  if (locks()) await locks()!.request(name, fn);
  else await fn();
}

/** The owners whose pages live. Where there are no locks, as on a page without HTTPS, nobody knows. */
async function living(): Promise<Set<string>> {
  const state = await locks()?.query();
  return new Set(state?.held?.map((l) => l.name!.slice(prefix.length)));
}
