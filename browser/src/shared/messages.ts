// What a page and the shared worker tell each other.

import type { Packet } from "../parser";

/** Which socket is wanted. Whoever wants the same, in whatever page, gets the same. */
export interface Wanted {
  href: string;
  nsp: string;
  options: { [name: string]: any };
}

/** From a page. member is one of its sockets. */
export type FromPage =
  | { member: number; join: Wanted; auth?: object }
  | { member: number; packet: Packet }
  /** The name of a lock that the page holds for as long as it lives. */
  | { lock: string }
  /** The page goes away. */
  | { bye: true };

/** From the worker, for one of the page's sockets. */
export type FromWorker = { member: number } & (
  | { packet: Packet }
  | { opened: string }
  | { refused: string; data?: any }
  | { lost: string; description?: string }
  /** Another event of the socket's life, or of its manager. */
  | { tell: string; args: any[]; manager?: boolean }
);

/** Events of the manager that pages hear too. */
export const managerEvents = ["reconnect_attempt", "reconnect", "reconnect_error", "reconnect_failed", "error", "ping"];

/** An error as it crosses to another page: what it says. */
export const plain = (v: unknown): unknown => (v instanceof Error ? v.message : v);
