import assert from "node:assert/strict";
import { test } from "node:test";
import { parseQuery, target } from "../src/url";

const page = { protocol: "http:", host: "page.test:8080" };

// url, page → protocol, host, port, namespace
const cases: [string | undefined, typeof page | undefined, string, string, string, string][] = [
  [undefined, page, "http", "page.test", "8080", "/"],
  ["", page, "http", "page.test", "8080", "/"],
  [undefined, { protocol: "https:", host: "page.test" }, "https", "page.test", "443", "/"],
  [undefined, { protocol: "http:", host: "[::1]:3000" }, "http", "::1", "3000", "/"],
  [undefined, { protocol: "file:", host: "" }, "https", "localhost", "443", "/"],
  ["/chat", page, "http", "page.test", "8080", "/chat"],
  ["//other.test/chat", page, "http", "other.test", "80", "/chat"],
  ["other.test:3000", page, "http", "other.test", "3000", "/"],
  ["other.test/chat", undefined, "https", "other.test", "443", "/chat"],
  ["localhost:3000", undefined, "https", "localhost", "3000", "/"],
  ["http://other.test", undefined, "http", "other.test", "80", "/"],
  ["https://other.test/", undefined, "https", "other.test", "443", "/"],
  ["ws://other.test", undefined, "ws", "other.test", "80", "/"],
  ["wss://other.test", undefined, "wss", "other.test", "443", "/"],
  ["HTTP://other.test:80/A", undefined, "http", "other.test", "80", "/A"],
  ["http://[::1]", undefined, "http", "::1", "80", "/"],
  ["http://[2001:db8::1]:3000/x?y", undefined, "http", "2001:db8::1", "3000", "/x"],
  ["http://user:pass@other.test/x", undefined, "http", "other.test", "80", "/x"],
  ["http://other.test/комната#part", undefined, "http", "other.test", "80", "/комната"],
  ["http://other.test/a/b/?q=1", undefined, "http", "other.test", "80", "/a/b/"],
];

for (const [url, from, protocol, host, port, path] of cases) {
  test(`${url} from ${from?.host}`, () => {
    const got = target(url, "", from as any);
    assert.deepEqual([got._protocol, got._host, got._port, got._path], [protocol, host, port, path]);
  });
}

test("two spellings of one server have one id, other paths another", () => {
  const id = (url: string, path = "/socket.io") => target(url, path)._id;
  assert.equal(id("http://a.test"), id("http://a.test:80/room"));
  assert.equal(id("http://[::1]"), "http://[::1]:80/socket.io");
  assert.notEqual(id("http://a.test"), id("https://a.test"));
  assert.notEqual(id("http://a.test"), id("http://a.test", "/other"));
});

test("a URL of more than 8000 characters is refused", () => {
  assert.equal(target("http://a.test/" + "x".repeat(7986))._host, "a.test");
  assert.throws(() => target("http://a.test/" + "x".repeat(7987)), /URI too long/);
});

test("a query is read, whatever its keys and signs", () => {
  const query = parseQuery("?a=1&b=%D0%B6%20x&c&d=1=2&__proto__=p&bad=%&");
  assert.deepEqual({ ...query }, { ["__proto__"]: "p", a: "1", b: "ж x", c: "", d: "1=2", bad: "%" });
  assert.equal(Object.getPrototypeOf(query), Object.prototype);
  assert.equal(parseQuery("a=1+2").a, "1+2");
});
