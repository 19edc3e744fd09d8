// What the client asks of its surroundings, here Node.js 20 or later: cookies are kept by ourselves, a WebSocket has
// headers, and bytes are Buffers.

import { Buffer } from "node:buffer";
import type { ClockOptions } from "../clock";
import { CookieJar } from "./cookies";
import { maxResponse, TransportOptions } from "./transport";

// What package ws, and below it Node.js, is told of a connection. To them, auth is something else than to us.
const connectionOptions = [
  ...["agent", "perMessageDeflate", "localAddress", "family", "protocolVersion", "origin", "maxPayload"],
  ...["pfx", "key", "passphrase", "cert", "ca", "ciphers", "rejectUnauthorized", "checkServerIdentity"],
];

/** Opens a WebSocket, with the class of the options or Node's own where it has one. */
export function openWebSocket(url: string, o: TransportOptions): WebSocket {
  const headers = { ...o.extraHeaders, ...cookie(o) };
  // Both take headers, which the WebSocket of a browser does not: package ws in a third argument, with its other
  // options, and Node's own in place of the sub-protocols.
  if (o.WebSocket) {
    const more: { [name: string]: unknown } = { perMessageDeflate: true, maxPayload: o.maxResponse || maxResponse, headers };
    for (const name of connectionOptions) if (name in o) more[name] = (o as any)[name];
    const ws = new o.WebSocket(url, o.protocols || [], more) as any;
    // Package ws shows its connection; Node's own does not, and keeps the process running.
    if ((o as ClockOptions).autoUnref) ws.on?.("upgrade", ({ socket }: any) => socket.unref());
    return ws;
  }
  return new (globalThis.WebSocket as any)(url, { protocols: o.protocols || [], headers });
}

/** Makes a request with the cookies of this connection, and keeps those of the answer. */
export async function request(url: string, init: RequestInit, o: TransportOptions): Promise<Response> {
  const response = await fetch(url, { ...init, headers: { ...init.headers, ...cookie(o) } as any });
  (o.cookies as CookieJar | undefined)?.store(response.headers.getSetCookie());
  return response;
}

/** Where the cookies of one connection are kept. */
export function cookieJar(o: { withCredentials?: boolean }): CookieJar | undefined {
  return o.withCredentials ? new CookieJar() : undefined;
}

/** The form in which a program gets bytes. */
export function received(data: ArrayBuffer, type?: string): Buffer | ArrayBuffer | Blob {
  return type === "arraybuffer" ? data : type === "blob" ? new Blob([data]) : Buffer.from(data);
}

function cookie(o: TransportOptions): { [header: string]: string } {
  const own = Object.entries(o.extraHeaders || {}).find(([name]) => name.toLowerCase() === "cookie")?.[1];
  const all = [own, (o.cookies as CookieJar | undefined)?.header()].filter(Boolean).join("; ");
  return all ? { cookie: all } : {};
}
