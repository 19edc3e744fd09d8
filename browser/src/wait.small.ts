// A pause before the next attempt to connect; in the smallest bundle nothing cuts it short.

import type { Clock } from "./clock";

export function wait(clock: Clock, ms: number, _early: boolean | undefined, fn: () => void): () => void {
  const timer = clock.setTimeout(fn, ms);
  return () => clock.clearTimeout(timer);
}
