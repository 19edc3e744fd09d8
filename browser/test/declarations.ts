// What the compiler says about index.d.ts. Nothing here is run.

import type * as declared from "../index";
import type { Manager, Socket } from "../index";
import { io } from "../index";
import * as built from "../src/index";

// The sources have what is declared.
export const names: Record<Exclude<keyof typeof declared, "prototype">, unknown> = built;
type None<T extends never> = T;
export type Missing = None<
  | Exclude<keyof Socket, keyof built.Socket<any, any>>
  | Exclude<keyof Manager, keyof built.Manager>
  | Exclude<keyof Manager["engine"], keyof built.Manager["engine"]>
  | Exclude<keyof declared.Options, keyof built.Options | "agent" | "perMessageDeflate">
  | Exclude<keyof built.Options, keyof declared.Options | "cookies">
>;

// Interfaces for the official client fit.
interface FromServer {
  noArg: () => void;
  basic: (a: number, b: string) => void;
  asks: (e: number, answer: (f: string) => void) => void;
}
interface ToServer {
  plain: (a: string) => void;
  call: (a: string, b: number, answer: (c: boolean) => void) => void;
  fails: (answer: (err: Error, d: string) => void) => void;
}

export async function typed(): Promise<void> {
  const s: Socket<FromServer, ToServer> = io("http://localhost");
  s.on("connect", () => {});
  s.on("disconnect", (reason, details) => [reason satisfies Socket.DisconnectReason, details]);
  s.on("basic", (a, b) => [a satisfies number, b satisfies string]);
  s.on("asks", (e, answer) => answer(String(e)));
  s.on("reconnecting", (delay, attempt) => delay + attempt);
  // @ts-expect-error an event that the server does not send
  s.on("random", () => {});
  s.emit("plain", "a");
  s.emit("call", "a", 1, (c) => c satisfies boolean);
  // @ts-expect-error a number where text belongs
  s.emit("plain", 1);
  // @ts-expect-error an event that the server does not know
  s.emit("random");
  s.timeout(5).emit("call", "a", 1, (err, c) => [err satisfies Error, c satisfies boolean]);
  const c: boolean = await s.timeout(5).emitWithAck("call", "a", 1);
  const again: boolean = await s.emitWithAck("call", "a", 1);
  const d: string = await s.emitWithAck("fails");
  s.volatile.emit("plain", "a").compress(false).emit("plain", "b");
  s.io.on("reconnect_attempt", (n) => n satisfies number).reconnectionDelay(10).open((err) => err?.message);
  const plain = io({ path: "/x", transports: ["websocket", built.WebSocket as any], auth: (send) => send({ c, d, again }) });
  plain.on("anything", (...args) => args).emit("anything", 1, 2, () => {});
  new io.Manager("http://localhost", { autoConnect: false }).socket("/chat").disconnect();
}
