// The cookies of one connection in Node.js: what a server or a balancer sets at the handshake comes back to it with
// every later request and with the WebSocket. One connection has one server, so paths and domains do not matter.

interface Cookie {
  value: string;
  /** In ms since 1970. */
  expires: number;
}

// More than any server sets for one connection; the oldest goes.
const maxCookies = 50;
const maxLength = 4096;

export class CookieJar {
  private _cookies = new Map<string, Cookie>();

  /** Keeps the cookies of a response, given its headers Set-Cookie (RFC 6265, section 5.2). */
  store(headers: string[]): void {
    for (const header of headers) {
      const [pair, ...attributes] = header.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at).trim();
      if (at < 1 || !name || header.length > maxLength) continue;
      this._cookies.delete(name); // the latest is the last
      const expires = expiry(attributes);
      if (expires > Date.now()) this._cookies.set(name, { value: pair.slice(at + 1).trim(), expires });
      if (this._cookies.size > maxCookies) this._cookies.delete(this._cookies.keys().next().value!);
    }
  }

  /** The value of the header Cookie; empty when there is none. */
  header(): string {
    const now = Date.now();
    for (const [name, c] of this._cookies) if (c.expires <= now) this._cookies.delete(name);
    return [...this._cookies].map(([name, c]) => name + "=" + c.value).join("; ");
  }
}

/** When a cookie with these attributes ends; Max-Age wins over Expires. */
function expiry(attributes: string[]): number {
  let at = Infinity;
  for (const attribute of attributes) {
    const [key, value = ""] = attribute.trim().split("=");
    const name = key.toLowerCase();
    if (name === "max-age" && /^-?\d+$/.test(value)) return Date.now() + Number(value) * 1000;
    if (name === "expires" && !Number.isNaN(Date.parse(value))) at = Date.parse(value);
  }
  return at;
}
