// Where to connect to: what a program passes to io(), read as a browser would read a link.

/** Query parameters; objects made here have no prototype. */
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

const parts = /^(?:([a-z]+):)?\/\/(?:[^@\/?#]*@)?(?:\[([^\]]*)\]|([^:\/?#]*))(?::(\d*))?([^?#]*)(?:\?([^#]*))?/i;

/**
 * Reads a URL. Without one, or with a path alone, the page's own server is meant; without a scheme, the page's scheme.
 * path is the option of that name: it is part of the id, because connections to different paths can't be shared.
 */
export function target(url?: string, path = "", page: Page | undefined = globalThis.location): Target {
  const scheme = page && /^http/.test(page.protocol) ? page.protocol : "https:";
  if (url === undefined || url === null || url === "") url = "//" + (page ? page.host : "localhost");
  url = String(url);
  if (url.length > maxLength) throw new Error("URI too long");
  if (/^\/(?!\/)/.test(url)) url = "//" + (page ? page.host : "localhost") + url;
  else if (!/^([a-z]+:)?\/\//i.test(url)) url = "//" + url;

  const m = parts.exec(url)!;
  const protocol = (m[1] || scheme.slice(0, -1)).toLowerCase();
  const host = m[2] || m[3] || "localhost";
  const port = m[4] || (isSecure(protocol) ? "443" : "80");
  const href = protocol + "://" + authority(host, port);
  return {
    _protocol: protocol,
    _host: host,
    _port: port,
    _path: m[5] || "/",
    _query: m[6] ? parseQuery(m[6]) : undefined,
    _href: href,
    _id: href + path,
  };
}

export function isSecure(protocol: string): boolean {
  return protocol === "https" || protocol === "wss";
}

/** host:port, with the brackets of an IPv6 address. */
export function authority(host: string, port: string | number): string {
  return (host.includes(":") ? "[" + host + "]" : host) + ":" + port;
}

export function parseQuery(text: string): Query {
  const query: Query = Object.create(null);
  for (const pair of text.replace(/^\?/, "").split("&")) {
    const at = pair.indexOf("=");
    if (pair) query[unescape(at < 0 ? pair : pair.slice(0, at))] = at < 0 ? "" : unescape(pair.slice(at + 1));
  }
  return query;
}

export function formatQuery(query: Query): string {
  return Object.keys(query)
    .map((key) => encodeURIComponent(key) + "=" + encodeURIComponent(query[key]))
    .join("&");
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is not an escape
  }
}
