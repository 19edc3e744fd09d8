// Messages on their way out. Each is written to the browser's storage before it is sent and taken out when the server
// has it, so that neither a lost connection nor a closed tab loses one. Its cid makes sending again harmless.

import { recall, recallAll, remember } from "../prefs";
import type { Failure } from "../protocol";
import type { Message } from "../wire";
import type { Link } from "./link";
import type { Outgoing, State } from "./state";

const maxTries = 3;

export class Outbox {
  constructor(
    private state: State,
    private link: Link,
    private sent: (m: Message) => void,
  ) {}

  /** Takes back what an earlier page could not send. */
  load(): void {
    const start = this.prefix();
    const known = new Set(this.state.outbox.map((o) => o.cid));
    for (const cid of recallAll(start)) {
      if (known.has(cid)) continue;
      try {
        const { room, body, ts, failed } = JSON.parse(recall(start + cid) ?? "");
        this.state.outbox.push({ cid, room, body, ts, state: failed ? "failed" : "queued", code: failed || undefined, tries: 0 });
      } catch {
        remember(start + cid, "");
      }
    }
    this.state.outbox.sort((a, b) => a.ts - b.ts);
  }

  add(room: number, body: string): void {
    const o: Outgoing = { cid: newCID(), room, body, ts: Date.now(), state: "queued", tries: 0 };
    this.state.outbox.push(o);
    this.keep(o);
    this.flush();
  }

  retry(cid: string): void {
    const o = this.find(cid);
    if (!o) return;
    Object.assign(o, { state: "queued", code: undefined, retryAt: undefined, tries: 0 });
    this.keep(o);
    this.flush();
  }

  discard(cid: string): void {
    this.state.outbox = this.state.outbox.filter((o) => o.cid !== cid);
    remember(this.prefix() + cid, "");
    this.state.changed();
  }

  /** Forgets the message with that cid: the server has it. */
  settled(cid: string | undefined): void {
    if (cid && this.find(cid)) this.discard(cid);
  }

  /** A new connection: what was on the way goes out again. */
  reconnected(): void {
    for (const o of this.state.outbox) if (o.state === "sending" || o.state === "unsure") o.state = "queued";
    this.flush();
  }

  /** Sends what can be sent: one message a room at a time, so that their order stays. */
  flush(): void {
    this.state.changed();
    if (this.state.link.phase !== "connected") return;
    const busy = new Set(this.state.outbox.filter((o) => o.state === "sending").map((o) => o.room));
    for (const o of this.state.outbox) {
      if (o.state !== "queued" || busy.has(o.room)) continue;
      busy.add(o.room);
      const wait = (o.retryAt ?? 0) - Date.now();
      if (wait > 0) window.setTimeout(() => this.flush(), wait);
      else void this.send(o);
    }
  }

  private async send(o: Outgoing): Promise<void> {
    o.state = "sending";
    o.tries++;
    const answer = await this.link.ask("msg:send", { room: o.room, cid: o.cid, body: o.body });
    if (answer.ok) {
      const { id, seq, rev, ts } = answer;
      this.sent({ id, room: o.room, user: this.state.me.id, seq, rev, ts, body: o.body, cid: o.cid });
    } else if (answer.code !== "lost") {
      this.refused(o, answer);
    } else if (o.state === "sending") {
      // Lost with the connection: the next one sends it again. Otherwise the server does not answer.
      o.state = this.state.link.phase === "connected" && o.tries >= maxTries ? "unsure" : "queued";
    }
    this.flush();
  }

  private refused(o: Outgoing, refusal: Failure): void {
    const waits = refusal.code === "rate" || (refusal.code === "busy" && o.tries < maxTries);
    o.state = waits ? "queued" : "failed";
    o.retryAt = waits ? Date.now() + (refusal.retryAfter ?? 1) * 1000 : undefined;
    o.code = waits ? undefined : refusal.code;
    this.keep(o);
  }

  private find(cid: string): Outgoing | undefined {
    return this.state.outbox.find((o) => o.cid === cid);
  }

  private keep(o: Outgoing): void {
    remember(this.prefix() + o.cid, JSON.stringify({ room: o.room, body: o.body, ts: o.ts, failed: o.code }));
  }

  private prefix(): string {
    return `out.${this.state.me.id}.`;
  }
}

/** A UUID of version 7: time first, then chance (RFC 9562). */
export function newCID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let i = 5; i >= 0; i--) {
    bytes[i] = ms % 256;
    ms = Math.floor(ms / 256);
  }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
