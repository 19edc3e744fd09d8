// The acknowledgements that a socket waits for.

import type { Clock, Timer } from "./clock";
import type { Listener } from "./emitter";

interface Waiting {
  fn: Listener;
  /** fn takes an error first, null when there is an answer. */
  withError: boolean;
  timer?: Timer;
}

/** Functions by acknowledgement id. Each is called at most once, through call, and is then gone. */
export class Acks {
  private waiting = new Map<number, Waiting>();

  constructor(
    private clock: Clock,
    private call: (fn: Listener, args: any[]) => void,
  ) {}

  get size(): number {
    return this.waiting.size;
  }

  /** Waits for an answer; with a timeout in ms, expired is called before fn gets its error. */
  add(id: number, fn: Listener, withError: boolean, timeout: number | undefined, expired: () => void): void {
    const w: Waiting = { fn, withError: withError || timeout !== undefined };
    if (timeout !== undefined) {
      w.timer = this.clock.setTimeout(() => {
        expired();
        this.fail(id, "operation has timed out");
      }, timeout);
    }
    this.waiting.set(id, w);
  }

  /** The answer has come. One that nobody waits for is ignored. */
  answer(id: number | undefined, args: any[]): void {
    const w = this.take(id);
    if (w) this.call(w.fn, w.withError ? [null, ...args] : args);
  }

  /** There will be no answer: who takes an error gets it, any other function is forgotten. */
  fail(id: number | undefined, reason: string): void {
    const w = this.take(id);
    if (w?.withError) this.call(w.fn, [new Error(reason)]);
  }

  /** Fails all but the ids in keep. */
  failAll(keep: Set<number | undefined>, reason: string): void {
    for (const id of [...this.waiting.keys()]) if (!keep.has(id)) this.fail(id, reason);
  }

  private take(id: number | undefined): Waiting | undefined {
    const w = this.waiting.get(id!);
    this.waiting.delete(id!);
    this.clock.clearTimeout(w?.timer);
    return w;
  }
}
