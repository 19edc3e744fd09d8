import assert from "node:assert/strict";
import { test } from "node:test";
import { Backoff } from "../src/backoff";

const delays = (b: Backoff, n: number) => Array.from({ length: n }, () => b.duration());

test("doubles up to the maximum without jitter", () => {
  assert.deepEqual(delays(new Backoff({ min: 100, max: 1000, jitter: 0 }), 6), [100, 200, 400, 800, 1000, 1000]);
});

test("has the defaults of the reference; 0 as the delay means the default", () => {
  assert.deepEqual(delays(new Backoff({}), 4), [1000, 2000, 4000, 5000]);
  assert.deepEqual(delays(new Backoff({ min: 0 }), 1), [1000]);
});

// deviation = floor(r·jitter·ms); the parity of floor(r·10) is its sign.
for (const [r, want] of [
  [0, [1000, 2000, 4000, 5000]],
  [0.05, [975, 1950, 3900, 5000]],
  [0.15, [1075, 2150, 4300, 5000]],
  [0.25, [875, 1750, 3500, 5000]],
  [0.39, [1195, 2390, 4780, 5000]],
  [0.999, [1499, 2999, 5000, 5000]],
] as [number, number[]][]) {
  test(`jitter with the random number ${r}`, (t) => {
    t.mock.method(Math, "random", () => r);
    assert.deepEqual(delays(new Backoff({ jitter: 0.5 }), 4), want);
  });
}

test("a jitter out of range counts as none", () => {
  for (const jitter of [-1, 1.1, NaN]) assert.equal(new Backoff({ jitter }).duration(), 1000);
});

test("counts attempts, starts anew after reset, and never overflows", () => {
  const b = new Backoff({});
  for (let i = 0; i < 2000; i++) assert.ok(b.duration() <= 5000);
  assert.equal(b.attempts, 2000);
  assert.equal(b.duration(), 5000);
  b.reset();
  assert.equal(b.duration(), 1000);
  const jittered = new Backoff({ jitter: 1 });
  for (let i = 0; i < 2000; i++) {
    const ms = jittered.duration();
    assert.ok(ms >= 0 && ms <= 5000, String(ms));
  }
});
