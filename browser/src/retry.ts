// Delivery at least once: events wait in a queue and go out one at a time until each is acknowledged.

import type { Listener } from "./emitter";

/** Modifiers of one emit. */
export interface Flags {
  compress?: boolean;
  volatile?: boolean;
  timeout?: number;
}

interface Entry {
  data: any[];
  flags: Flags;
  tries: number;
  sent: boolean;
  /** The acknowledgement id, the same for each try: a server that remembers ids handles the event once. */
  id: number;
}

export class RetryQueue {
  private entries: Entry[] = [];

  /**
   * retries: tries after the first. send emits data with an error-first acknowledgement as its last element;
   * ready tells whether it would leave now.
   */
  constructor(
    private retries: number,
    private send: (data: any[], flags: Flags, id: number) => void,
    private ready: () => boolean,
  ) {}

  get length(): number {
    return this.entries.length;
  }

  /** Queues an event; done is called with an error once all tries have failed, else with null and the answer. */
  add(data: any[], flags: Flags, id: number, done?: Listener): void {
    const entry: Entry = { data, flags, id, tries: 0, sent: false };
    data.push((err: Error | null, ...answer: any[]) => {
      if (entry !== this.entries[0]) return; // an answer to an earlier try, after the end
      if (err && entry.tries <= this.retries) {
        entry.sent = false;
      } else {
        this.entries.shift();
        done?.(err, ...answer);
      }
      this.drain();
    });
    this.entries.push(entry);
    this.drain();
  }

  /** Sends the first event, unless it is under way; after a reconnection it is sent again in any case. */
  drain(again = false): void {
    const entry = this.entries[0];
    if (!entry || !this.ready() || (entry.sent && !again)) return;
    entry.sent = true;
    entry.tries++;
    this.send(entry.data.slice(), { ...entry.flags }, entry.id);
  }
}
