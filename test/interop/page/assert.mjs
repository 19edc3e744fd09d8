// As much of node:assert/strict as the cases use, for a page. Bytes are equal when they are, whatever holds them.

function fail(message, got, want) {
  throw new Error(`${message}: got ${show(got)}, want ${show(want)}`);
}

const show = (v) => String(v instanceof RegExp || v instanceof Error ? v : JSON.stringify(v)).slice(0, 500);

const bytes = (v) =>
  v instanceof ArrayBuffer
    ? new Uint8Array(v)
    : ArrayBuffer.isView(v)
      ? new Uint8Array(v.buffer, v.byteOffset, v.byteLength)
      : null;

function same(a, b) {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || !a || !b) return false;
  const [x, y] = [bytes(a), bytes(b)];
  if (x || y) return !!x && !!y && x.length === y.length && x.every((v, i) => v === y[i]);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && same(a[k], b[k]));
}

function matches(err, want) {
  if (!want.test(String(err))) fail("not the error that was expected", err, want);
}

export default {
  ok: (v, message = "not true") => v || fail(message, v, true),
  equal: (got, want) => Object.is(got, want) || fail("not equal", got, want),
  notEqual: (got, want) => Object.is(got, want) && fail("equal", got, want),
  deepEqual: (got, want) => same(got, want) || fail("not equal", got, want),
  match: (got, want) => want.test(got) || fail("no match", got, want),
  throws: (fn, want) => {
    try {
      fn();
    } catch (err) {
      return matches(err, want);
    }
    fail("nothing thrown", undefined, want);
  },
  rejects: async (promise, want) => {
    const err = await promise.then(
      () => fail("no error", undefined, want),
      (err) => err,
    );
    matches(err, want);
  },
};
