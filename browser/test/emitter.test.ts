import assert from "node:assert/strict";
import { test } from "node:test";
import { Emitter } from "../src/emitter";

test("listeners are called in order, with this and the arguments", () => {
  const e = new Emitter();
  const got: any[] = [];
  e.on("x", function (this: any, ...args) {
    got.push(this === e, ...args);
  });
  e.on("x", () => got.push("second"));
  e.emit("x", 1, 2).emit("y");
  assert.deepEqual(got, [true, 1, 2, "second"]);
});

test("once is once, also when it raises the event again", () => {
  const e = new Emitter();
  let n = 0;
  e.once("x", () => {
    n++;
    e.emit("x");
  });
  e.emit("x").emit("x");
  assert.equal(n, 1);
  assert.equal(e.hasListeners("x"), false);
});

test("a function may be added twice, each time in its own way", () => {
  const e = new Emitter();
  let n = 0;
  const f = () => n++;
  e.on("x", f).once("x", f).on("x", f);
  e.emit("x");
  assert.deepEqual([n, e.listeners("x").length], [3, 2]);
  e.emit("x");
  assert.equal(n, 5);
});

test("off takes away one listener, those of an event, or all", () => {
  const e = new Emitter();
  const [a, b] = [() => {}, () => {}];
  e.on("x", a).on("x", b).once("x", a).on("y", a);
  e.off("x", a);
  assert.deepEqual(e.listeners("x"), [b, a]);
  e.off("x", () => {});
  assert.equal(e.listeners("x").length, 2);
  e.off("x", a);
  assert.deepEqual(e.listeners("x"), [b]);
  e.off("x");
  assert.deepEqual([e.hasListeners("x"), e.hasListeners("y")], [false, true]);
  e.off();
  assert.equal(e.hasListeners("y"), false);
});

test("a listener that comes or goes during an event changes the next one only", () => {
  const e = new Emitter();
  const got: string[] = [];
  const late = () => got.push("late");
  const second = () => got.push("second");
  e.on("x", () => {
    got.push("first");
    e.off("x", second).on("x", late);
  });
  e.on("x", second);
  e.emit("x");
  assert.deepEqual(got, ["first", "second"]);
  e.emit("x");
  assert.deepEqual(got, ["first", "second", "first", "late"]);
});

test("names that JavaScript objects have are ordinary names", () => {
  const e = new Emitter();
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(e.hasListeners(name), false);
    assert.deepEqual(e.listeners(name), []);
    let n = 0;
    e.on(name, () => n++);
    e.emit(name);
    assert.equal(n, 1);
  }
  assert.equal(({} as any).x, undefined);
});

test("the other names of the reference's emitter", () => {
  const e = new Emitter();
  const a = () => {};
  e.addEventListener("x", a);
  e.removeListener("x", a);
  e.addEventListener("x", a);
  e.removeEventListener("x", a);
  e.addEventListener("x", a);
  e.removeAllListeners("x");
  e.addEventListener("y", a);
  e.removeAllListeners();
  assert.deepEqual([e.hasListeners("x"), e.hasListeners("y")], [false, false]);
});
