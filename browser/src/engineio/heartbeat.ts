// The watch over a server's pings: after too long a silence the connection counts as lost.

import type { Clock, Timer } from "../clock";

export class Heartbeat {
  private timer?: Timer;
  private deadline = Infinity;

  /** silence: the longest time in ms without a ping. expired is called once. */
  constructor(
    private silence: number,
    private clock: Clock,
    private expired: () => void,
  ) {
    this.beat();
  }

  /** The server gave a sign of life. */
  beat(): void {
    this.clock.clearTimeout(this.timer);
    this.deadline = Date.now() + this.silence;
    this.timer = this.clock.setTimeout(this.expired, this.silence);
  }

  /**
   * Whether the silence has lasted too long. The timer alone can't tell: it stands still while a laptop sleeps and is
   * throttled in a hidden tab, and what is sent on such a connection would be lost.
   */
  get late(): boolean {
    return Date.now() > this.deadline;
  }

  stop(): void {
    this.clock.clearTimeout(this.timer);
    this.deadline = Infinity;
  }
}
