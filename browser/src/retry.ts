// Delivery at least once: packets wait in a queue and go out one at a time until each is acknowledged.

import type { Listener } from "./emitter";

/** P is a packet ready to be sent. It keeps its id from try to try: a server that remembers ids handles it once. */
interface Entry<P> {
  packet: P;
  timeout?: number;
  tries: number;
  sent: boolean;
  /** Takes an error, or null and the answer. */
  answered: Listener;
}

export class RetryQueue<P> {
  private entries: Entry<P>[] = [];

  /**
   * retries: tries after the first. send sends a packet and calls answered with the outcome, at the latest when the
   * socket is disconnected; ready tells whether it would leave now.
   */
  constructor(
    private retries: number,
    private send: (packet: P, timeout: number | undefined, answered: Listener) => void,
    private ready: () => boolean,
  ) {}

  get length(): number {
    return this.entries.length;
  }

  /** Queues a packet; done is called with an error once all tries have failed, else with null and the answer. */
  add(packet: P, timeout: number | undefined, done: Listener): void {
    const entry: Entry<P> = { packet, timeout, tries: 0, sent: false, answered };
    const queue = this;
    function answered(err: Error | null, ...answer: any[]): void {
      if (entry !== queue.entries[0]) return; // an answer to an earlier try, after the end
      if (err && entry.tries <= queue.retries) {
        entry.sent = false;
      } else {
        queue.entries.shift();
        done(err, ...answer);
      }
      queue.drain();
    }
    this.entries.push(entry);
    this.drain();
  }

  /** Sends the first packet, unless it is under way; after a reconnection it is sent again in any case. */
  drain(again = false): void {
    const entry = this.entries[0];
    if (!entry || !this.ready() || (entry.sent && !again)) return;
    entry.sent = true;
    entry.tries++;
    this.send(entry.packet, entry.timeout, entry.answered);
  }
}
