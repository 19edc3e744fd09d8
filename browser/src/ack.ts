// The acknowledgements that a socket waits for.

import type { Clock, Timer } from "./clock";
import type { Listener } from "./emitter";

interface Waiting {
  _fn: Listener;
  /** fn takes an error first, null when there is an answer. */
  _withError: boolean;
  _timer?: Timer;
}

/** Functions by acknowledgement id. Each is called at most once, through call, and is then gone. */
export class Acks {
  private _waiting = new Map<number, Waiting>();

  constructor(
    private _clock: Clock,
    private _call: (fn: Listener, args: any[]) => void,
  ) {}

  /** Waits for an answer; with a timeout in ms, expired is called before fn gets its error. */
  _add(id: number, fn: Listener, withError: boolean, timeout: number | undefined, expired: () => void): void {
    const w: Waiting = { _fn: fn, _withError: withError || timeout !== undefined };
    if (timeout !== undefined) {
      w._timer = this._clock.setTimeout(() => {
        expired();
        this._fail(id, "operation has timed out");
      }, timeout);
    }
    this._waiting.set(id, w);
  }

  /** The answer has come. One that nobody waits for is ignored. */
  _answer(id: number | undefined, args: any[]): void {
    const w = this._take(id);
    if (w) this._call(w._fn, w._withError ? [null, ...args] : args);
  }

  /** There will be no answer: who takes an error gets it, any other function is forgotten. */
  _fail(id: number | undefined, reason: string): void {
    const w = this._take(id);
    if (w?._withError) this._call(w._fn, [new Error(reason)]);
  }

  /** Fails all but the ids in keep. */
  _failAll(keep: Set<number | undefined>, reason: string): void {
    for (const id of [...this._waiting.keys()]) if (!keep.has(id)) this._fail(id, reason);
  }

  private _take(id: number | undefined): Waiting | undefined {
    const w = this._waiting.get(id!);
    this._waiting.delete(id!);
    this._clock.clearTimeout(w?._timer);
    return w;
  }
}
