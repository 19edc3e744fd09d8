// Where to connect to: what a program passes to io(), read as a browser would read a link.

/** Query parameters. */
export type Query = { [key: string]: any };

export interface Target {
  /** "http", "https", "ws" or "wss". */
  _protocol: string;
  /** Without the brackets of an IPv6 address. */
  _host: string;
  /** Always there, the default of the protocol when the URL has none. */
  _port: string;
  /** The path of the URL, which names the namespace; "/" when there is none. */
  _path: string;
  _query?: Query;
  /** The server's address, without path and query. */
  _href: string;
  /** The same for two URLs exactly when they can share a connection. */
  _id: string;
}

/** The parts of window.location that are used. */
interface Page {
  protocol: string;
  host: string;
}

// Longer than any URL a browser or a server takes; the limit of the reference.
const maxLength = 8000;

const parts = /^(?:(?:([a-z]+):)?\/\/)?(?:[^@\/?#]*@)?(?:\[([^\]]*)\]|([^:\/?#]*))(?::(\d*))?([^?#]*)(?:\?([^#]*))?/i;

/**
 * Reads a URL. Without one, or with a path alone, the page's own server is meant; without a scheme, the page's scheme.
 * path is the option of that name: it is part of the id, because connections to different paths can't be shared.
 */
export function target(url?: string | null, path = "", page: Page | undefined = globalThis.location): Target {
  const own = "//" + (page ? page.host : "localhost");
  url = String(url || own);
  if (url.length > maxLength) throw new Error("URI too long");
  const m = parts.exec(/^\/(?!\/)/.test(url) ? own + url : url)!;
  const scheme = page && /^http/.test(page.protocol) ? page.protocol.slice(0, -1) : "https";
  const _protocol = (m[1] || scheme).toLowerCase();
  const _host = m[2] || m[3] || "localhost";
  const _port = m[4] || (isSecure(_protocol) ? "443" : "80");
  const _href = _protocol + "://" + authority(_host, _port);
  return { _protocol, _host, _port, _path: m[5] || "/", _query: m[6] ? parseQuery(m[6]) : undefined, _href, _id: _href + path };
}

export function isSecure(protocol: string): boolean {
  return /^(http|ws)s$/.test(protocol);
}

/** host:port, with the brackets of an IPv6 address. */
export function authority(host: string, port: string | number): string {
  return (/^[^[]*:.*:/.test(host) ? "[" + host + "]" : host) + ":" + port;
}

/** Reads the query of a URL. In it, a plus is a plus. */
export function parseQuery(text: string): Query {
  return Object.fromEntries(new URLSearchParams(text.replace(/\+/g, "%2B")));
}
