// The move of a session from polling to WebSocket: probe, pause, switch (Engine.IO protocol 4, "Upgrade").

import type { Packet } from "./packet";
import { CloseDetails, nobody, Sink, Transport, TransportError } from "./transport";

/** The connection that is being moved. */
export interface Movable {
  /** The candidate works: stop the present transport, then call ready. */
  pause(candidate: Transport, ready: () => void): void;
  /** From now on the candidate is the transport. */
  move(candidate: Transport): void;
  /** The candidate failed; the present transport goes on. */
  stay(err: TransportError): void;
}

/** One attempt to upgrade. */
export class Upgrade implements Sink {
  constructor(
    private conn: Movable,
    private candidate: Transport,
  ) {
    candidate.sink = this;
    candidate.open();
  }

  /** Gives up, without a word to the connection. */
  cancel(): void {
    this.candidate.close();
  }

  opened(): void {
    this.candidate.send([{ type: "ping", data: "probe" }]);
  }

  packet(p: Packet): void {
    if (p.type !== "pong" || p.data !== "probe") {
      this.fail("probe error");
      return;
    }
    const candidate = this.candidate;
    this.conn.pause(candidate, () => {
      candidate.send([{ type: "upgrade" }]);
      this.conn.move(candidate);
    });
  }

  drained(): void {}

  closed(why: TransportError | CloseDetails): void {
    this.fail("probe error: " + (why instanceof Error ? why : "transport closed"), why);
  }

  private fail(message: string, why?: TransportError | CloseDetails): void {
    this.candidate.close();
    this.candidate.sink = nobody;
    this.conn.stay(new TransportError(message, why));
  }
}
