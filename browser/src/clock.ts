// Timers, and which ones to use where a page has replaced them. clock.node.ts is the same for Node.js.

export interface Clock {
  setTimeout(fn: () => void, ms?: number): Timer;
  clearTimeout(timer: Timer | undefined): void;
}

export type Timer = ReturnType<typeof setTimeout>;

export interface ClockOptions {
  /** Use the timers of the browser even where a page has replaced them, as tests do. */
  useNativeTimers?: boolean;
  /** In Node.js, do not keep the process running for the sake of a timer. */
  autoUnref?: boolean;
}

/** The timers that were there when this file was loaded. */
const native: Clock = /* @__PURE__ */ timers(globalThis);

/** The timers to use: by default those that are there when they are called, since a test may have put its own there. */
export function clock(o: ClockOptions): Clock {
  return o.useNativeTimers ? native : (globalThis as Clock);
}

function timers(of: typeof globalThis): Clock {
  return { setTimeout: of.setTimeout.bind(of) as Clock["setTimeout"], clearTimeout: of.clearTimeout.bind(of) };
}
