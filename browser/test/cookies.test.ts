import assert from "node:assert/strict";
import { test } from "node:test";
import { CookieJar } from "../src/engineio/cookies";

const jar = (...headers: string[]) => {
  const j = new CookieJar();
  j.store(headers);
  return j;
};

test("a cookie is sent back as it came, without its attributes", () => {
  assert.equal(jar("foo=bar").header(), "foo=bar");
  assert.equal(jar("foo=bar; Max-Age=1000; Domain=.example.com; Path=/; HttpOnly; Secure; SameSite=strict").header(), "foo=bar");
  assert.equal(jar("foo=bar=bar&foo=foo&John=Doe; Path=/; Secure").header(), "foo=bar=bar&foo=foo&John=Doe");
  assert.equal(jar("a=1", "b=2").header(), "a=1; b=2");
});

test("a cookie ends when it says so, Max-Age before Expires", () => {
  const past = new Date(Date.now() - 1000).toUTCString();
  const future = new Date(Date.now() + 3_600_000).toUTCString();
  assert.equal(jar("a=1; Max-Age=0", `b=2; Expires=${past}`, `c=3; Expires=${future}`, `d=4; Expires=${past}; Max-Age=60`).header(), "c=3; d=4");

  const { now } = Date;
  const j = jar("a=1; Max-Age=60", "b=2");
  Date.now = () => now() + 61_000;
  try {
    assert.equal(j.header(), "b=2");
  } finally {
    Date.now = now;
  }
});

test("a later cookie takes the place of the one of its name, or removes it", () => {
  const j = jar("a=1", "b=2");
  j.store(["a=3"]);
  assert.equal(j.header(), "b=2; a=3");
  j.store(["a=; Max-Age=0"]);
  assert.equal(j.header(), "b=2");
});

test("what is no cookie is none, and a server can't fill the memory", () => {
  assert.equal(jar("", "novalue", "=nameless", "long=" + "x".repeat(5000)).header(), "");
  const many = jar(...Array.from({ length: 1000 }, (_, i) => `c${i}=x`)).header().split("; ");
  assert.ok(many.length <= 50 && many.includes("c999=x"), `${many.length} are kept`);
});
