// Events of the page, where there is one: a worker has less of them, Node.js none.

/** Calls fn on an event of the window. Returns a function that ends that. */
export function listen(event: string, fn: () => void): () => void {
  const page: Partial<Window> = globalThis as any;
  page.addEventListener?.(event, fn);
  return () => page.removeEventListener?.(event, fn);
}

/** Calls fn whenever the page is looked at again; the event comes to its document, and on to the window. */
export function seen(fn: () => void): () => void {
  return listen("visibilitychange", () => {
    if (document.visibilityState === "visible") fn();
  });
}
