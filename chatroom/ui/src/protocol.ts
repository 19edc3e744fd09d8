// What the page makes of the contract in wire.ts, which is generated from chatroom/wire.

import type { ClientToServerEvents, Refusal } from "./wire";

/** A refusal, or no answer at all: the connection was lost, or the server took too long. */
export type Failure = Refusal | { ok: false; code: "lost"; retryAfter?: number };

export const lost: Failure = { ok: false, code: "lost" };

/** What is asked by an event, and what the server answers. */
type Call<E extends keyof ClientToServerEvents> =
  Parameters<ClientToServerEvents[E]> extends [infer Question, (answer: infer Answer) => void] ? [Question, Answer] : never;
export type Question<E extends keyof ClientToServerEvents> = Call<E>[0];
export type Answer<E extends keyof ClientToServerEvents> = Call<E>[1];

/** Limits that the server keeps too. */
export const limits = { name: 32, topic: 160, body: 4000, page: 50 };

/** The length as the server counts it. */
export function runes(text: string): number {
  let n = 0;
  for (const _ of text) n++;
  return n;
}
