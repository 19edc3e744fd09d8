// Listeners by event name, the base of Socket, Manager and Conn.

export type Listener = (...args: any[]) => void;

/** A map of event names to listener signatures, for programs that want typed events. */
export interface Events {
  [event: string]: Listener;
}

type Name<M> = keyof M & string;

/** What listens to an event: its parameters are those of the map. */
type On<M, E extends keyof M> = M[E] extends Listener ? M[E] : Listener;

/** A listener; one that is there once knows which function it stands for. */
type Entry = Listener & { _fn?: Listener };

/**
 * An event emitter. Lists of listeners are replaced, never changed, so a listener may add or remove listeners while
 * an event is on its way. Names are keys of a Map: a peer that sends an event called "__proto__" reaches nothing.
 */
export class Emitter<M = Events> {
  private _entries = new Map<string, Entry[]>();

  on<E extends Name<M>>(event: E, fn: On<M, E>): this {
    this._entries.set(event, [...this._list(event), fn]);
    return this;
  }

  once<E extends Name<M>>(event: E, fn: On<M, E>): this {
    const entry: Entry = (...args) => {
      this.off(event, entry as any);
      fn.apply(this, args);
    };
    entry._fn = fn;
    return this.on(event, entry as any);
  }

  /** Removes one listener, all listeners of an event, or all. */
  off<E extends Name<M>>(event?: E, fn?: On<M, E>): this {
    const list = this._list(event!);
    const at = list.findIndex((entry) => entry === fn || entry._fn === fn);
    const left = list.filter((_, i) => fn && i !== at);
    if (event === undefined) this._entries.clear();
    else if (left.length) this._entries.set(event, left);
    else this._entries.delete(event);
    return this;
  }

  // The other names under which the reference offers the same.

  addEventListener<E extends Name<M>>(event: E, fn: On<M, E>): this {
    return this.on(event, fn);
  }

  removeListener<E extends Name<M>>(event?: E, fn?: On<M, E>): this {
    return this.off(event, fn);
  }

  removeEventListener<E extends Name<M>>(event?: E, fn?: On<M, E>): this {
    return this.off(event, fn);
  }

  removeAllListeners<E extends Name<M>>(event?: E, fn?: On<M, E>): this {
    return this.off(event, fn);
  }

  listeners<E extends Name<M>>(event: E): Listener[] {
    return this._list(event).map((entry) => entry._fn || entry);
  }

  hasListeners(event: Name<M>): boolean {
    return this._entries.has(event);
  }

  /** Calls the listeners of an event on the spot; what they throw reaches the caller. */
  emit(event: string, ...args: any[]): this {
    for (const fn of this._list(event)) fn.apply(this, args);
    return this;
  }

  /**
   * @internal
   * Calls the listeners of an event that the library itself raises. What a listener throws is caught and handed to
   * _failed(): a mistake in one listener stops neither the others nor the connection. Reports whether there was one.
   */
  _fire(event: string, ...args: any[]): boolean {
    const list = this._list(event);
    for (const fn of list) this._guard(fn, args);
    return !!list.length;
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

  private _list(event: string): Entry[] {
    return this._entries.get(event) || [];
  }
}
