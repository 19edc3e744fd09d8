// A network in memory: WebSocket and fetch for the client, and an Engine.IO server behind them that does what a test
// tells it, right or wrong. It speaks through the client's own codec, which the wire vectors hold to the truth.

import { decodePayload, decodeText, encodeRecord, Packet } from "../src/engineio/packet";

type Frame = string | ArrayBuffer;

/** How a server treats a new session. */
export interface Manners {
  /** Fields of the OPEN packet that differ from the usual ones; null leaves the packet out, text replaces it. */
  open?: object | null | string;
  /** Answers a handshake request with this HTTP status; over WebSocket, refuses the handshake. */
  status?: number;
  /** Answers nothing at all. */
  silent?: boolean;
  /** Answers a probe: true (the default), false for not at all, or with this text. */
  probe?: boolean | string;
  /** Refuses the WebSocket of an upgrade. */
  noUpgrade?: boolean;
  /** Accepts each namespace at once, true by default. */
  accept?: boolean;
}

/** A server's end of one session. */
export class Session {
  /** What came from the client: the text or the bytes of each message. */
  readonly messages: (string | Uint8Array)[] = [];
  /** Every packet that came, by type. */
  readonly packets: Packet[] = [];
  /** Bodies of POST requests, as they came. */
  readonly posts: string[] = [];
  closed = false;
  ws?: FakeWebSocket;
  candidate?: FakeWebSocket;
  /** Holds POST requests until release is called. */
  slow = false;
  private out: Packet[] = [];
  private poll?: (body: string | number) => void;
  private waiting: (() => void)[] = [];
  private flushing = Promise.resolve();

  constructor(
    readonly sid: string,
    readonly manners: Manners,
    readonly url: URL,
    private net: Network,
  ) {}

  /** Sends a message. */
  send(...data: (string | ArrayBuffer)[]): void {
    this.sendPackets(...data.map((d): Packet => ({ type: "message", data: d })));
  }

  sendPackets(...packets: Packet[]): void {
    this.out.push(...packets);
    this.flush();
  }

  ping(): void {
    this.sendPackets({ type: "ping" });
  }

  /** Sends a frame or a response as it is. */
  raw(frame: Frame): void {
    if (this.ws) this.ws.receive(frame);
    else this.answerPoll(frame as string);
  }

  /** Ends the transport as a network does: without a word. */
  drop(): void {
    this.closed = true;
    this.ws?.end(1006);
    this.candidate?.end(1006);
    this.answerPoll(502);
  }

  release(): void {
    this.slow = false;
    this.waiting.splice(0).forEach((go) => go());
  }

  /** An answer to a poll, or its HTTP status. */
  answerPoll(body: string | number): void {
    const poll = this.poll;
    this.poll = undefined;
    poll?.(body);
  }

  get polling(): boolean {
    return !!this.poll;
  }

  async get(signal: AbortSignal): Promise<string | number> {
    return new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("aborted")));
      this.poll = resolve;
      this.flush();
    });
  }

  async post(body: string): Promise<void> {
    this.posts.push(body);
    if (this.slow) await new Promise<void>((resolve) => this.waiting.push(resolve));
    decodePayload(body, (p) => this.received(p));
  }

  received(p: Packet): void {
    this.packets.push(p);
    if (p.type === "close") this.closed = true;
    if (p.type !== "message") return;
    const message = typeof p.data === "string" ? p.data : new Uint8Array(p.data as ArrayBuffer);
    this.messages.push(message);
    if (typeof message === "string" && message[0] === "0" && this.manners.accept !== false) this.accept(message);
    this.net.heard(this, message);
  }

  /** Accepts the namespace that a CONNECT packet asks for. */
  accept(connect: string, more: object = {}): void {
    const nsp = /^0(\/[^,]*,)?/.exec(connect)![1] || "";
    this.send("0" + nsp + JSON.stringify({ sid: "id-" + this.sid + nsp.replace(",", ""), ...more }));
  }

  /** The WebSocket of an upgrade says something. */
  probed(p: Packet, ws: FakeWebSocket): void {
    if (p.type === "ping" && p.data === "probe") {
      const { probe = true } = this.manners;
      if (probe !== false) ws.receive(probe === true ? "3probe" : probe);
      this.answerPoll("6");
    } else if (p.type === "upgrade") {
      this.ws = ws;
      this.candidate = undefined;
      this.flush();
    }
  }

  private flush(): void {
    this.flushing = this.flushing.then(() => this.write());
  }

  private async write(): Promise<void> {
    if (!this.out.length || !(this.ws || this.poll)) return;
    const packets = this.out.splice(0);
    if (this.ws) {
      for (const p of packets) this.ws.receive(typeof p.data === "object" ? (p.data as ArrayBuffer) : await encodeRecord(p));
    } else {
      const poll = this.poll!;
      this.poll = undefined;
      poll((await Promise.all(packets.map(encodeRecord))).join("\x1e"));
    }
  }
}

/** What the client sees as the browser's WebSocket. */
class FakeWebSocket {
  binaryType = "blob";
  bufferedAmount = 0;
  readyState = 0;
  onopen?: () => void;
  onmessage?: (e: { data: Frame }) => void;
  onerror?: (e: object) => void;
  onclose?: (e: object) => void;

  constructor(
    readonly url: string,
    readonly protocols: string | string[],
  ) {
    queueMicrotask(() => Network.current.connect(this));
  }

  heard: (f: Frame) => void = () => {};

  send(data: Frame | ArrayBufferView): void {
    if (this.readyState === 0) throw new Error("InvalidStateError");
    if (this.readyState !== 1) return;
    this.heard(ArrayBuffer.isView(data) ? data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength) as ArrayBuffer : data);
  }

  close(): void {
    if (this.readyState < 2) this.end(1005);
  }

  open(): void {
    if (this.readyState) return;
    this.readyState = 1;
    this.onopen?.();
  }

  receive(data: Frame): void {
    if (this.readyState === 1) this.onmessage?.({ data });
  }

  fail(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onerror?.({ type: "error" });
    this.onclose?.({ type: "close", code: 1006 });
  }

  end(code: number): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ type: "close", code });
  }
}

/** Replaces WebSocket and fetch of this process. */
export class Network {
  static current: Network;
  readonly sessions: Session[] = [];
  /** Every connection that was tried: "websocket" or the method of a request, and its query. */
  readonly requests: { method: string; url: URL; init?: any }[] = [];
  /** How the next sessions are treated. */
  manners: Manners = {};
  /** Hears every message of every session. */
  heard: (s: Session, message: string | Uint8Array) => void = () => {};

  constructor() {
    Network.current = this;
    const g = globalThis as any;
    g.WebSocket = FakeWebSocket;
    g.fetch = (url: string, init: any) => this.fetch(new URL(url), init);
  }

  /** The latest session. */
  get session(): Session {
    return this.sessions[this.sessions.length - 1];
  }

  connect(ws: FakeWebSocket): void {
    const url = new URL(ws.url);
    this.requests.push({ method: "websocket", url });
    const sid = url.searchParams.get("sid");
    if (sid) this.upgrade(ws, sid);
    else if (this.manners.silent) return;
    else if (this.manners.status) ws.fail();
    else {
      const session = this.begin(url);
      session.ws = ws;
      ws.heard = (f) => session.received(typeof f === "string" ? decodeText(f) : { type: "message", data: f });
      ws.open();
      const open = this.opening(session);
      if (open !== undefined) ws.receive(open);
    }
  }

  private upgrade(ws: FakeWebSocket, sid: string): void {
    const session = this.sessions.find((s) => s.sid === sid && !s.closed);
    if (!session || session.ws || session.manners.noUpgrade) {
      ws.fail();
      return;
    }
    session.candidate = ws;
    ws.heard = (f) => {
      const p: Packet = typeof f === "string" ? decodeText(f) : { type: "message", data: f };
      if (session.ws) session.received(p);
      else session.probed(p, ws);
    };
    ws.open();
  }

  private async fetch(url: URL, init: any): Promise<Response> {
    this.requests.push({ method: init.method, url, init });
    if (init.signal.aborted) throw new Error("aborted");
    const sid = url.searchParams.get("sid");
    if (!sid) {
      if (this.manners.silent) return this.never(init.signal);
      if (this.manners.status) return new Response("", { status: this.manners.status });
      return new Response(this.opening(this.begin(url)) ?? "");
    }
    const session = this.sessions.find((s) => s.sid === sid && !s.closed);
    if (!session) return new Response('{"code":1,"message":"Session ID unknown"}', { status: 400 });
    if (init.method === "POST") {
      await session.post(init.body);
      return new Response("ok");
    }
    const body = await session.get(init.signal);
    return typeof body === "number" ? new Response("", { status: body }) : new Response(body);
  }

  private never(signal: AbortSignal): Promise<Response> {
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  }

  private begin(url: URL): Session {
    const session = new Session("s" + (this.sessions.length + 1), this.manners, url, this);
    this.sessions.push(session);
    return session;
  }

  private opening(session: Session): string | undefined {
    const { open = {} } = session.manners;
    if (open === null) return undefined;
    if (typeof open === "string") return open;
    return (
      "0" +
      JSON.stringify({
        sid: session.sid,
        upgrades: session.ws ? [] : ["websocket"],
        pingInterval: 25000,
        pingTimeout: 20000,
        maxPayload: 1000000,
        ...open,
      })
    );
  }
}
