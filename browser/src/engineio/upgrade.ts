// The move of a session from polling to a better transport: probe, pause, switch (Engine.IO protocol 4, "Upgrade").

import type { Packet } from "./packet";
import { CloseDetails, Sink, Transport, TransportError } from "./transport";

/** The connection that is being moved. */
export interface Movable {
  /** The candidate works: stop the present transport, then call ready. */
  _pause(candidate: Transport, ready: () => void): void;
  /** From now on the candidate is the transport. */
  _move(candidate: Transport): void;
  /** The candidate failed; the present transport goes on. */
  _stay(err: TransportError, candidate: Transport): void;
}

/** One attempt to upgrade. */
export class Upgrade implements Sink {
  private _timer?: ReturnType<typeof setTimeout>;

  /** delay: how long in ms to wait before the candidate is opened. */
  constructor(
    private _conn: Movable,
    readonly _candidate: Transport,
    delay: number,
  ) {
    _candidate._sink = this;
    if (delay) this._timer = setTimeout(() => _candidate.open(), delay);
    else _candidate.open();
  }

  /** Gives up, without a word to the connection. */
  _cancel(): void {
    clearTimeout(this._timer);
    this._candidate.close();
  }

  _opened(): void {
    this._candidate.send([{ type: "ping", data: "probe" }]);
  }

  _packet(p: Packet): void {
    if (p.type !== "pong" || p.data !== "probe") {
      this._fail("probe error");
      return;
    }
    const candidate = this._candidate;
    this._conn._pause(candidate, () => {
      candidate.send([{ type: "upgrade" }]);
      this._conn._move(candidate);
    });
  }

  _drained(): void {}

  _closed(why: TransportError | CloseDetails): void {
    this._fail("probe error: " + (why instanceof Error ? why : "transport closed"), why);
  }

  private _fail(message: string, why?: TransportError | CloseDetails): void {
    this._cancel();
    this._conn._stay(new TransportError(message, why), this._candidate);
  }
}
