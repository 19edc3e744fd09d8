// Typed events, which the compiler checks: every line here that is wrong on purpose says so, and must be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { io, Socket } from "../src/index";
import type { DisconnectReason } from "../src/index";

/** Takes a value of exactly this type, which any is not. */
function is<T>() {
  return <V>(_value: V, ..._same: 0 extends 1 & V ? ["is any"] : [[V], [T]] extends [[T], [V]] ? [] : ["is another"]): void => {};
}

interface Both {
  random: (a: number, b: string, c: number[]) => void;
}

interface FromClient {
  hello: (message: string) => void;
  ask: (a: string, b: number, ack: (c: string, d: boolean) => void) => void;
  askOne: (a: string, b: number, ack: (c: string) => void) => void;
  askNothing: (ack: () => void) => void;
}

interface FromServer {
  greeting: (message: string, x: number) => void;
}

// None of these is called: that they compile is the test.
const checked = {
  "no event map: infers correct types for listener parameters of reserved events"() {
    const s = io();
    // @ts-expect-error: connect brings nothing
    s.on("connect", (_arg: number) => {});
    s.on("connect_error", (err) => is<string>()(err.message));
    s.on("disconnect", (reason) => is<DisconnectReason>()(reason));
  },
  "no event map: infers 'any' for listener parameters of other events"() {
    io().on("random", (a, b) => [a.anything, b.anything]);
  },
  "no event map: infers 'any' for listener parameters of other events using enums"() {
    enum Name {
      Test = "test",
    }
    io().on(Name.Test, (a) => a.anything);
  },
  "no event map: emit accepts any parameters"() {
    const s = io();
    s.emit("random", 1, "2", [3]).emit("none");
    s.emit("ask", "1", 2, (c: any, d: any) => [c, d]);
    s.timeout(1000).emit("ask", "1", 2, (err: any, c: any) => [err, c]);
  },
  async "no event map: emitWithAck accepts any parameters"() {
    (await io().emitWithAck("ask", "1", 2)).anything;
    (await io().timeout(1000).emitWithAck("ask", "1", 2)).anything;
  },
  "single event map: infers correct types for listener parameters"() {
    const s: Socket<Both> = io();
    s.on("random", (a, b, c) => {
      is<number>()(a);
      is<string>()(b);
      is<number[]>()(c);
    });
  },
  "single event map: on does not accept arguments of wrong types"() {
    const s: Socket<Both> = io();
    // @ts-expect-error: no listener
    s.on("random");
    // @ts-expect-error: too many parameters
    s.on("random", (_a, _b, _c, _d) => {});
    // @ts-expect-error: no name
    s.on(2, 3);
  },
  "single event map: emit accepts arguments of the correct types"() {
    const s: Socket<Both> = io();
    s.emit("random", 1, "2", [3]);
  },
  "single event map: emit does not accept arguments of the wrong types"() {
    const s: Socket<Both> = io();
    // @ts-expect-error: nothing
    s.emit("random");
    // @ts-expect-error: a function
    s.emit("random", () => {});
  },
  "two event maps: infers correct types for listener parameters"() {
    const s: Socket<FromServer, FromClient> = io();
    s.on("greeting", (message) => is<string>()(message));
  },
  "two event maps: does not accept emit events"() {
    const s: Socket<FromServer, FromClient> = io();
    // @ts-expect-error: the server does not send it
    s.on("hello", () => {});
  },
  "two event maps: emit accepts arguments of the correct types"() {
    const s: Socket<FromServer, FromClient> = io();
    s.emit("hello", "hi");
    s.emit("ask", "1", 2, (c, d) => {
      is<string>()(c);
      is<boolean>()(d);
    });
    s.emit("askNothing", () => {});
  },
  "two event maps: does not accept arguments of wrong types"() {
    const s: Socket<FromServer, FromClient> = io();
    // @ts-expect-error: nothing
    s.emit("hello");
    // @ts-expect-error: a number
    s.emit("hello", 10);
    // @ts-expect-error: too much
    s.emit("hello", "hi", 10);
    // @ts-expect-error: the server's event
    s.emit("greeting", "hi", 10);
    // @ts-expect-error: nobody's event
    s.emit("wrong name");
  },
  async "two event maps: emitWithAck accepts arguments of the correct types"() {
    const s: Socket<FromServer, FromClient> = io();
    is<string>()(await s.emitWithAck("askOne", "1", 2));
    is<string>()(await s.timeout(1000).emitWithAck("askOne", "3", 4));
    s.timeout(1000).emit("ask", "1", 2, (err, c, d) => {
      is<Error>()(err);
      is<string>()(c);
      is<boolean>()(d);
    });
  },
};

test("typed events are checked by the compiler", () => {
  assert.equal(Object.keys(checked).length, 14);
});
