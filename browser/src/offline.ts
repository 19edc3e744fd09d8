// What happens to an event that waits for a connection, besides waiting: it may expire, and it may be kept beyond the life
// of the page. offline.small.ts leaves both away.

import type { Clock, Timer } from "./clock";
import type { Emits, OfflineBuffer } from "./offline/buffer";

export interface OfflineOptions {
  /** How many events may wait to be sent; without limit by default, with the option offline 1000. */
  maxBuffered?: number;
  /** Time in ms that an event may wait for a connection; without limit by default, with the option offline a day. */
  bufferTTL?: number;
  /** Keeps what waits in a storage of the browser, until it is sent or, with retries, answered. */
  offline?: OfflineBuffer;
}

/** A socket whose events wait. */
interface Keeper extends Emits {
  _opts: OfflineOptions;
  _retry?: object;
  io: { _clock: Clock };
}

/** An event that waits. */
export interface Waiting {
  nsp: string;
  data?: any;
  _expiry?: Timer;
}

const day = 86_400_000;

export function limit(o: OfflineOptions): number {
  return o.maxBuffered ?? (o.offline ? 1000 : Infinity);
}

/**
 * An event begins to wait, in the queue of retries or, with expired, for a connection. expired is called when that has
 * lasted too long.
 */
export function kept({ _opts: o, _retry, io }: Keeper, p: Waiting, expired?: () => void): void {
  if (_retry && expired) return; // the queue knows better
  const ttl = o.bufferTTL ?? (o.offline ? day : Infinity);
  if (expired && ttl < Infinity) p._expiry = io._clock.setTimeout(expired, Math.min(ttl, 2 ** 31 - 1));
  o.offline?.kept(p, ttl);
}

/** It waits no more, for whatever reason; with retries, only when it was answered. */
export function gone({ _opts: o, _retry, io }: Keeper, p: Waiting, answered?: boolean): void {
  if (_retry && !answered) return;
  io._clock.clearTimeout(p._expiry);
  o.offline?.gone(p);
}

/** A socket is made: what waited when the page was left is emitted again. */
export function restore(socket: Keeper): void {
  void socket._opts.offline?.restore(socket);
}
