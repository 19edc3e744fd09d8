// The watch over a server's pings: after too long a silence the connection counts as lost.

import type { Clock, Timer } from "../clock";

export class Heartbeat {
  private _timer?: Timer;
  private _deadline = Infinity;

  /** silence: the longest time in ms without a ping. expired is called once. */
  constructor(
    private _silence: number,
    private _clock: Clock,
    private _expired: () => void,
  ) {
    this._beat();
  }

  /** The server gave a sign of life. */
  _beat(): void {
    this._clock.clearTimeout(this._timer);
    this._deadline = Date.now() + this._silence;
    this._timer = this._clock.setTimeout(this._expired, this._silence);
  }

  /**
   * Whether the silence has lasted too long. The timer alone can't tell: it stands still while a laptop sleeps and is
   * throttled in a hidden tab, and what is sent on such a connection would be lost.
   */
  get _late(): boolean {
    return Date.now() > this._deadline;
  }

  _stop(): void {
    this._clock.clearTimeout(this._timer);
    this._deadline = Infinity;
  }
}
