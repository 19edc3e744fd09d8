// A pause before the next attempt to connect.

import type { Clock } from "./clock";

/**
 * Calls fn after ms. If early, also as soon as the network is back or the page is looked at again. Returns a function
 * that gives up waiting.
 */
export function wait(clock: Clock, ms: number, early: boolean, fn: () => void): () => void {
  const page = early ? globalThis.window : undefined;
  const document = page?.document;
  const stop = () => {
    clock.clearTimeout(timer);
    page?.removeEventListener("online", go);
    document?.removeEventListener("visibilitychange", seen);
  };
  const go = () => {
    stop();
    fn();
  };
  const seen = () => {
    if (document!.visibilityState === "visible") go();
  };
  const timer = clock.setTimeout(go, ms);
  page?.addEventListener("online", go);
  document?.addEventListener("visibilitychange", seen);
  return stop;
}
