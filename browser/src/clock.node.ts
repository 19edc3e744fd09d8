// Timers in Node.js, which hold the process back from its end unless they are told not to.

import { Clock, clock as timers, ClockOptions } from "./clock";

export type { Clock, ClockOptions, Timer } from "./clock";

/** The timers to use, as in a browser; with autoUnref they do not keep the process running. */
export function clock(o: ClockOptions): Clock {
  const of = timers(o);
  if (!o.autoUnref) return of;
  return {
    setTimeout: (fn, ms) => {
      const timer = of.setTimeout(fn, ms);
      timer.unref();
      return timer;
    },
    clearTimeout: (timer) => of.clearTimeout(timer),
  };
}
