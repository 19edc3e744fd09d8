// A pause before the next attempt to connect.

import type { Clock } from "./clock";
import { listen, seen } from "./page";

/**
 * Calls fn after ms. If early, also as soon as the network is back or the page is looked at again. Returns a function
 * that gives up waiting.
 */
export function wait(clock: Clock, ms: number, early: boolean | undefined, fn: () => void): () => void {
  const go = () => {
    stop();
    fn();
  };
  const timer = clock.setTimeout(go, ms);
  const undo = early ? [listen("online", go), seen(go)] : [];
  const stop = () => {
    clock.clearTimeout(timer);
    for (const end of undo) end();
  };
  return stop;
}
