// The watch over a server's pings: after too long a silence the connection counts as lost.

export class Heartbeat {
  private timer?: ReturnType<typeof setTimeout>;
  private deadline = Infinity;

  /** silence: the longest time in ms without a ping. expired is called once. */
  constructor(
    private silence: number,
    private expired: () => void,
  ) {
    this.beat();
  }

  /** The server gave a sign of life. */
  beat(): void {
    clearTimeout(this.timer);
    this.deadline = Date.now() + this.silence;
    this.timer = setTimeout(this.expired, this.silence);
  }

  /**
   * Whether the silence has lasted too long. The timer alone can't tell: it stands still while a laptop sleeps and is
   * throttled in a hidden tab, and what is sent on such a connection would be lost.
   */
  get late(): boolean {
    return Date.now() > this.deadline;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.deadline = Infinity;
  }
}
