// Packets over HTTP long-polling: one GET that waits for packets, one POST at a time that carries ours.

import { decodePayload, encodePayload, Packet } from "./packet";
import { CloseDetails, nobody, Transport, TransportError } from "./transport";

// A handshake is some hundred bytes; a server that sends more is not an Engine.IO server.
const maxHandshake = 64 << 10;
const maxResponse = 64 << 20;
// How long in ms a handshake that is no longer wanted may still take: a browser opens few connections to one server.
const handshakeGrace = 5000;

export class Polling extends Transport {
  static readonly kind = "polling";
  readonly name = Polling.kind;
  private abort = new AbortController();
  private polling = false;
  private closed = false;
  /** The server has ended the session: there is nobody to say goodbye to. */
  private over = false;
  /** Set while a pause is asked for; called once no request is under way. */
  private paused?: () => void;

  open(): void {
    void this.poll();
  }

  send(packets: Packet[]): void {
    this.writable = false;
    void this.post(packets);
  }

  /** Begins no more polls and calls done when the requests under way have ended. */
  pause(done: () => void): void {
    this.paused = done;
    this.settle();
  }

  /** Takes a pause back. */
  resume(): void {
    this.paused = undefined;
    if (!this.polling) void this.poll();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.sink = nobody;
    this.writable = false;
    // The poll of an open session is cut, which frees the request at once. A handshake under way is let through: its
    // answer says which session to close, and without that the server would keep it until its ping times out.
    if (this.sid) this.sayGoodbye();
    else if (this.polling) setTimeout(() => this.abort.abort(), handshakeGrace);
  }

  private async poll(): Promise<void> {
    this.polling = true;
    try {
      const body = await this.request("GET");
      this.polling = false;
      decodePayload(body, (p) => this.received(p));
    } catch (err) {
      this.polling = false;
      this.fail(err, "xhr poll error");
      return;
    }
    if (this.closed) return;
    if (this.paused) this.settle();
    else void this.poll();
  }

  private received(p: Packet): void {
    if (p.type === "close") this.over = true;
    if (p.type === "open" && !this.sid) {
      this.sid = sidOf(p);
      this.writable = !this.closed;
      if (this.closed && this.sid) this.sayGoodbye();
    }
    this.sink.packet(p);
  }

  private async post(packets: Packet[]): Promise<void> {
    try {
      await this.request("POST", await encodePayload(packets));
    } catch (err) {
      this.fail(err, "xhr post error");
      return;
    }
    if (this.closed) return;
    this.writable = true;
    this.sink.drained();
    this.settle();
  }

  private sayGoodbye(): void {
    this.abort.abort();
    if (this.over) return;
    this.abort = new AbortController();
    this.request("POST", "1", true).catch(() => {}); // nobody is left to tell
  }

  private settle(): void {
    const done = this.paused;
    if (!done || this.polling || !this.writable) return;
    this.paused = () => {}; // told once, and still paused
    done();
  }

  private fail(err: unknown, message: string): void {
    if (err instanceof HTTPError) {
      const { status } = err.response;
      this.over = status === 400; // an unknown session
      this.report(new TransportError(message, status, err.response));
    } else if (err instanceof RequestError) {
      this.report(new TransportError(message, err.cause));
    } else {
      this.report(new TransportError("server error", err));
    }
  }

  private report(why: TransportError | CloseDetails): void {
    this.writable = false;
    this.sink.closed(why);
  }

  private async request(method: string, body?: string, keepalive?: boolean): Promise<string> {
    const o = this.options;
    const abort = this.abort;
    const timer = o.requestTimeout ? setTimeout(() => abort.abort(), o.requestTimeout) : 0;
    try {
      const response = await fetch(this.url("http", o.timestampRequests !== false), {
        method,
        body,
        keepalive,
        signal: abort.signal,
        cache: "no-store",
        // As a form would do it: cookies go to the own origin, and to another one only when asked for.
        credentials: o.withCredentials ? "include" : "same-origin",
        headers: { ...(body ? { "Content-Type": "text/plain;charset=UTF-8" } : {}), ...o.extraHeaders },
      }).catch((cause) => {
        throw new RequestError(cause);
      });
      if (!response.ok) throw new HTTPError(response);
      return await readText(response, this.sid ? o.maxResponse || maxResponse : maxHandshake);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** No response: the network, CORS, an abort. */
class RequestError extends Error {
  constructor(readonly cause: unknown) {
    super();
  }
}

/** A response that is not a success. */
class HTTPError extends Error {
  constructor(readonly response: Response) {
    super();
  }
}

/** The body as text; an endless one is cut off at limit bytes. */
async function readText(response: Response, limit: number): Promise<string> {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; ; ) {
    const { done, value } = await reader.read().catch((cause) => {
      throw new RequestError(cause);
    });
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > limit) {
      void reader.cancel();
      throw new Error("response too large");
    }
    text += decoder.decode(value, { stream: true });
  }
}

function sidOf(p: Packet): string | undefined {
  try {
    return JSON.parse(p.data as string).sid;
  } catch {
    return undefined; // a connection that still listens refuses this packet
  }
}
