// What a test of the client starts from: a network and a time of its own, and a socket whose events are written down.

import { io, Options, Socket } from "../src/index";
import { Network } from "./network";
import { Time } from "./time";

export const net = new Network();
export const time = new Time();

const lifeCycle = [
  "connecting",
  "connect",
  "connect_error",
  "connect_failed",
  "disconnect",
  "reconnecting",
  "reconnect",
  "reconnect_failed",
];

export interface Written extends Socket {
  /** Names of what happened, in order. */
  story: string[];
}

/** A socket over WebSocket, without chance in its delays, that writes down its life. */
export function socket(options: Options = {}, url = "http://server.test"): Written {
  const s = io(url, {
    forceNew: true,
    transports: ["websocket"],
    randomizationFactor: 0,
    ...options,
  }) as any as Written;
  s.story = [];
  for (const name of lifeCycle) {
    s.on(name, (...args: any[]) => {
      const what = args.map((a) => (a instanceof Error ? a.message : typeof a === "object" ? "" : a)).filter((a) => a !== "" && a !== undefined);
      s.story.push([name, ...what].join(":"));
    });
  }
  return s;
}

/** Connects and waits until that is done. */
export async function connected(options: Options = {}): Promise<Written> {
  const s = socket(options);
  await time.settle();
  return s;
}
