// Timers, and which ones to use where a page has replaced them.

export interface Clock {
  setTimeout(fn: () => void, ms?: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
}

export type Timer = ReturnType<typeof setTimeout>;

/** The timers as they are when they are called: a test may have put its own in their place. */
const current: Clock = {
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (timer) => clearTimeout(timer),
};

/** The timers that were there when this file was loaded. */
const native: Clock = {
  setTimeout: globalThis.setTimeout.bind(globalThis) as Clock["setTimeout"],
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
};

export function clock(useNative?: boolean): Clock {
  return useNative ? native : current;
}
