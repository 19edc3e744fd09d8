// What the client asks of its surroundings, here a browser. platform.node.ts is the same for Node.js.

import type { TransportOptions } from "./transport";

/** Opens a WebSocket. Throws on a URL or a sub-protocol that is refused. */
export function openWebSocket(url: string, o: TransportOptions): WebSocket {
  return new (o.WebSocket || WebSocket)(url, o.protocols || []);
}

/** Makes a request. The browser adds its cookies. */
export function request(url: string, init: RequestInit, _o: TransportOptions): Promise<Response> {
  return fetch(url, init);
}

/** Where the cookies of one connection are kept; the browser keeps them itself. */
export function cookieJar(_o: object): unknown {
  return undefined;
}

/** The form in which a program gets bytes. */
export function received(data: ArrayBuffer, type?: string): ArrayBuffer | Blob {
  return type === "blob" ? new Blob([data]) : data;
}
