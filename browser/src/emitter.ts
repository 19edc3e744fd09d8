// Listeners by event name, the base of Socket, Manager and Conn.

export type Listener = (...args: any[]) => void;

/** A map of event names to listener signatures, for programs that want typed events. */
export interface Events {
  [event: string]: Listener;
}

type Name<M> = keyof M & string;

interface Entry {
  _fn: Listener;
  _once: boolean;
}

/**
 * An event emitter. Lists of listeners are replaced, never changed, so a listener may add or remove listeners while
 * an event is on its way. Names are keys of a Map: a peer that sends an event called "__proto__" reaches nothing.
 */
export class Emitter<M = Events> {
  private _entries = new Map<string, Entry[]>();

  on<E extends Name<M>>(event: E, fn: M[E] & Listener): this {
    return this._insert(event, { _fn: fn, _once: false });
  }

  once<E extends Name<M>>(event: E, fn: M[E] & Listener): this {
    return this._insert(event, { _fn: fn, _once: true });
  }

  /** Removes one listener, all listeners of an event, or all. */
  off<E extends Name<M>>(event?: E, fn?: M[E] & Listener): this {
    if (event === undefined) {
      this._entries.clear();
    } else {
      this._remove(event, fn ? this._entries.get(event)?.find((e) => e._fn === fn) : undefined, !fn);
    }
    return this;
  }

  listeners<E extends Name<M>>(event: E): Listener[] {
    return (this._entries.get(event) || []).map((e) => e._fn);
  }

  hasListeners(event: Name<M>): boolean {
    return this._entries.has(event);
  }

  /** Calls the listeners of an event on the spot; what they throw reaches the caller. */
  emit(event: string, ...args: any[]): this {
    this._visit(event, (fn) => fn.apply(this, args));
    return this;
  }

  /**
   * Calls the listeners of an event that the library itself raises. What a listener throws is caught and handed to
   * failed(): a mistake in one listener stops neither the others nor the connection. Reports whether there was one.
   */
  protected _fire(event: string, ...args: any[]): boolean {
    return this._visit(event, (fn) => this._guard(fn, args));
  }

  /** Calls one user function with the same protection as fire. */
  protected _guard(fn: Listener, args: any[]): void {
    try {
      fn.apply(this, args);
    } catch (err) {
      this._failed(err);
    }
  }

  /** What to do with an error of a listener: report it as uncaught, so that it shows in the console. */
  protected _failed(err: unknown): void {
    setTimeout(() => {
      throw err;
    });
  }

  private _remove(event: string, entry: Entry | undefined, all: boolean): void {
    const left = all ? [] : (this._entries.get(event) || []).filter((e) => e !== entry);
    if (left.length) this._entries.set(event, left);
    else this._entries.delete(event);
  }

  private _insert(event: string, entry: Entry): this {
    this._entries.set(event, (this._entries.get(event) || []).concat(entry));
    return this;
  }

  private _visit(event: string, call: (fn: Listener) => void): boolean {
    const list = this._entries.get(event);
    if (!list) return false;
    for (const entry of list) {
      if (entry._once) this._remove(event, entry, false);
      call(entry._fn);
    }
    return true;
  }
}

// The other names under which the reference offers the same methods.
export interface Emitter<M = Events> {
  addEventListener: Emitter<M>["on"];
  removeListener: Emitter<M>["off"];
  removeEventListener: Emitter<M>["off"];
  removeAllListeners: Emitter<M>["off"];
}
const proto = Emitter.prototype;
proto.addEventListener = proto.on;
proto.removeListener = proto.removeEventListener = proto.removeAllListeners = proto.off;
