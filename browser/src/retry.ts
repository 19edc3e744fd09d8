// Delivery at least once: packets wait in a queue and go out one at a time until each is acknowledged.

import type { Listener } from "./emitter";

/** P is a packet ready to be sent. It keeps its id from try to try: a server that remembers ids handles it once. */
interface Entry<P> {
  _packet: P;
  _timeout?: number;
  _tries: number;
  _sent: boolean;
  /** Takes an error, or null and the answer. */
  _answered: Listener;
}

export class RetryQueue<P> {
  private _entries: Entry<P>[] = [];

  /**
   * retries: tries after the first. send sends a packet and calls answered with the outcome, at the latest when the
   * socket is disconnected; ready tells whether it would leave now.
   */
  constructor(
    private _retries: number,
    private _send: (packet: P, timeout: number | undefined, answered: Listener) => void,
    private _ready: () => boolean,
  ) {}

  get _length(): number {
    return this._entries.length;
  }

  /** Queues a packet; done is called with an error once all tries have failed, else with null and the answer. */
  _add(packet: P, timeout: number | undefined, done: Listener): void {
    const entry: Entry<P> = { _packet: packet, _timeout: timeout, _tries: 0, _sent: false, _answered: answered };
    const queue = this;
    function answered(err: Error | null, ...answer: any[]): void {
      if (entry !== queue._entries[0]) return; // an answer to an earlier try, after the end
      if (err && entry._tries <= queue._retries) {
        entry._sent = false;
      } else {
        queue._entries.shift();
        done(err, ...answer);
      }
      queue._drain();
    }
    this._entries.push(entry);
    this._drain();
  }

  /** Sends the first packet, unless it is under way; after a reconnection it is sent again in any case. */
  _drain(again = false): void {
    const entry = this._entries[0];
    if (!entry || !this._ready() || (entry._sent && !again)) return;
    entry._sent = true;
    entry._tries++;
    this._send(entry._packet, entry._timeout, entry._answered);
  }
}
