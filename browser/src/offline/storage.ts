// Where events can be kept beyond the life of a page.

import { takeApart } from "../binary";

/** An event that waits. Ids sort in the order in which the events were emitted. */
export interface StoredEvent {
  id: string;
  /** The page, or the worker, that will send it. */
  owner: string;
  nsp: string;
  /** The name and the arguments. */
  data: any[];
  /** When it expires, in ms since 1970. */
  until: number;
}

/** A storage. Calls come one after the other; each may fail, and the event is then kept in memory alone. */
export interface OfflineStorage {
  load(): Promise<StoredEvent[]>;
  put(event: StoredEvent): Promise<void>;
  remove(id: string): Promise<void>;
}

/** In IndexedDB, which takes bytes too. */
export function indexedDBStorage(name = "socketio-offline"): OfflineStorage {
  const store = "events";
  let opened: Promise<IDBDatabase> | undefined;
  const open = () =>
    (opened ??= done(
      (() => {
        const request = indexedDB.open(name, 1);
        request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: "id" });
        return request;
      })(),
    ).catch((err) => {
      opened = undefined; // the next call tries again
      throw err;
    }));
  const events = async (mode: IDBTransactionMode) => (await open()).transaction(store, mode).objectStore(store);
  return {
    load: async () => done((await events("readonly")).getAll()),
    put: async (event) => void (await done((await events("readwrite")).put(event))),
    remove: async (id) => done((await events("readwrite")).delete(id)),
  };
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** In localStorage or what looks like it: small, and for events without bytes. */
export function webStorage(storage: Storage = localStorage, prefix = "socketio-offline:"): OfflineStorage {
  return {
    async load() {
      const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i)!).filter((k) => k.startsWith(prefix));
      return keys.sort().flatMap((k) => {
        try {
          return [JSON.parse(storage.getItem(k)!)];
        } catch {
          storage.removeItem(k); // not ours, or damaged
          return [];
        }
      });
    },
    async put(event) {
      if (takeApart(event.data).attachments.length) throw new Error("this storage takes no bytes");
      storage.setItem(prefix + event.id, JSON.stringify(event));
    },
    async remove(id) {
      storage.removeItem(prefix + id);
    },
  };
}
