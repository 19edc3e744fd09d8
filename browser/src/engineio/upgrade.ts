// The move of a session from polling to a better transport: probe, pause, switch (Engine.IO protocol 4, "Upgrade").

import { CloseDetails, Transport, TransportClass, TransportError } from "./transport";
import { begin } from "./transports";

/** The connection that is being moved. */
export interface Movable {
  /** The candidate works: stop the present transport, then call ready. */
  _pause(candidate: Transport, ready: () => void): void;
  /** From now on the candidate is the transport. */
  _move(candidate: Transport): void;
  /** The candidate failed; the present transport goes on. */
  _stay(err: TransportError, candidate: Transport): void;
}

/** Tries to upgrade. Returns a function that gives up, without a word to the connection. */
export function upgrade(conn: Movable, candidate: Transport, better: TransportClass[]): () => void {
  const cancel = () => {
    stop?.();
    candidate.close();
  };
  const fail = (message: string, why?: TransportError | CloseDetails) => {
    cancel();
    conn._stay(new TransportError(message, why), candidate);
  };
  candidate._sink = {
    _opened: () => candidate.send([{ type: "ping", data: "probe" }]),
    _packet(p) {
      if (p.type !== "pong" || p.data !== "probe") return fail("probe error");
      conn._pause(candidate, () => {
        candidate.send([{ type: "upgrade" }]);
        conn._move(candidate);
      });
    },
    _drained() {},
    _closed: (why) => fail("probe error: " + (why instanceof Error ? why : "transport closed"), why),
  };
  const stop = begin(candidate, better);
  return cancel;
}
