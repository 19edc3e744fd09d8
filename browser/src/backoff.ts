// How long to wait before the next attempt to connect.

export interface BackoffOptions {
  /** Delay of the first attempt in ms; 0 means the default, 1000. */
  min?: number;
  /** Upper bound in ms, 5000 by default. */
  max?: number;
  /** Part of the delay that is random, between 0 and 1; anything else means 0. */
  jitter?: number;
}

/**
 * An exponential backoff: min·2^attempts, less or more a random part of at most jitter times that, never over max.
 * The fields may be changed between attempts.
 */
export class Backoff {
  attempts = 0;
  min: number;
  max: number;
  jitter: number;

  constructor(o: BackoffOptions) {
    this.min = o.min || 1000;
    this.max = o.max || 5000;
    this.jitter = o.jitter! > 0 && o.jitter! <= 1 ? o.jitter! : 0;
  }

  /** The delay before the next attempt in whole ms; counts the attempt. */
  duration(): number {
    // Bounded: in a page left open for days 2^attempts becomes Infinity, and Infinity less Infinity is no delay.
    let ms = this.min * 2 ** Math.min(this.attempts++, 50);
    if (this.jitter) {
      const r = Math.random();
      const deviation = Math.floor(r * this.jitter * ms);
      // The parity of the first decimal of r is the sign.
      ms += Math.floor(r * 10) & 1 ? deviation : -deviation;
    }
    return Math.floor(Math.min(ms, this.max));
  }

  reset(): void {
    this.attempts = 0;
  }
}
