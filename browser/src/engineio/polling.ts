// Packets over HTTP long-polling: one GET that waits for packets, one POST at a time that carries ours.

import { decodePayload, encodePayload, Packet } from "./packet";
import { request } from "./platform";
import { Transport, TransportError } from "./transport";

// How long in ms a handshake that is no longer wanted may still take: a browser opens few connections to one server.
const handshakeGrace = 5000;

export class Polling extends Transport {
  private _abort = new AbortController();
  private _polling?: boolean;
  private _closed?: boolean;
  /** The server has ended the session: there is nobody to say goodbye to. */
  private _over?: boolean;
  /** Set while a pause is asked for; called once no request is under way. */
  private _paused?: () => void;

  get name(): string {
    return "polling";
  }

  static available(): boolean {
    return true;
  }

  open(): void {
    void this._poll();
  }

  send(packets: Packet[]): void {
    this.writable = false;
    void this._post(packets);
  }

  /** Begins no more polls and calls done when the requests under way have ended. */
  _pause(done: () => void): void {
    this._paused = done;
    this._settle();
  }

  /** Takes a pause back. */
  _resume(): void {
    this._paused = undefined;
    if (!this._polling) void this._poll();
  }

  protected _stop(): void {
    if (this._closed) return;
    this._closed = true;
    // The poll of an open session is cut, which frees the request at once. A handshake under way is let through: its
    // answer says which session to close, and without that the server would keep it until its ping times out.
    if (this.sid) this._sayGoodbye();
    else if (this._polling) setTimeout(() => this._abort.abort(), handshakeGrace);
  }

  private async _poll(): Promise<void> {
    this._polling = true;
    try {
      const body = await this._request("GET", "xhr poll error");
      this._polling = false;
      decodePayload(body, (p) => this._received(p));
    } catch (err) {
      this._polling = false;
      return this._fail(err);
    }
    if (this._closed) return;
    if (this._paused) this._settle();
    else void this._poll();
  }

  private _received(p: Packet): void {
    if (p.type === "close") this._over = true;
    if (p.type === "open" && !this.sid) {
      this.sid = sidOf(p);
      this.writable = !this._closed;
      if (this._closed && this.sid) this._sayGoodbye();
    }
    this._sink._packet(p);
  }

  private async _post(packets: Packet[]): Promise<void> {
    try {
      await this._request("POST", "xhr post error", await encodePayload(packets));
    } catch (err) {
      return this._fail(err);
    }
    if (this._closed) return;
    this.writable = true;
    this._sink._drained();
    this._settle();
  }

  private _sayGoodbye(): void {
    this._abort.abort();
    if (this._over) return;
    this._abort = new AbortController();
    this._request("POST", "", "1").catch(() => {}); // nobody is left to tell
  }

  private _settle(): void {
    const done = this._paused;
    if (!done || this._polling || !this.writable) return;
    this._paused = () => {}; // told once, and still paused
    done();
  }

  /** Resolves to the body of the response. The error bears that message when there is none. */
  private async _request(method: string, message: string, body?: string): Promise<string> {
    const o = this._options;
    const abort = this._abort;
    const timer = o.requestTimeout ? setTimeout(() => abort.abort(), o.requestTimeout) : 0;
    try {
      const response = await request(
        this._url("http", o.timestampRequests !== false),
        {
          method,
          body,
          keepalive: this._closed, // a goodbye may outlive the page
          signal: abort.signal,
          cache: "no-store",
          // As a form would do it: cookies go to the own origin, and to another one only when asked for.
          credentials: o.withCredentials ? "include" : "same-origin",
          headers: o.extraHeaders, // besides, a body that is text says so by itself
        },
        o,
      );
      if (response.ok) return await readText(response, this._limit);
      this._over = response.status === 400; // an unknown session
      throw new TransportError(message, response.status, response);
    } catch (err) {
      // Otherwise the network, CORS, an abort.
      throw err instanceof TransportError ? err : new TransportError(message, err);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The body as text; an endless one is cut off at limit bytes. */
async function readText(response: Response, limit: number): Promise<string> {
  if (!response.body) return response.text();
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (let size = 0; ; ) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > limit) {
      void reader.cancel();
      throw new TransportError("server error", "too large");
    }
    text += decoder.decode(value, { stream: true });
  }
}

function sidOf(p: Packet): string | undefined {
  try {
    return JSON.parse(p.data as string).sid;
  } catch {} // a connection that still listens refuses this packet
  return undefined;
}
