// Socket.IO packets, protocol 5: a header, maybe a namespace, an id and JSON; then the attachments as binary frames.
// Pure: no network, no clock.

import { isObject, putTogether, takeApart } from "./binary";
import { Emitter } from "./emitter";
import { Binary, malformed } from "./engineio/packet";

/** The version of the protocol. */
export const protocol = 5;

export enum PacketType {
  CONNECT,
  DISCONNECT,
  EVENT,
  ACK,
  CONNECT_ERROR,
  BINARY_EVENT,
  BINARY_ACK,
}

export interface Packet {
  /** Never a binary type: those are made and undone by the codec. */
  type: PacketType;
  nsp: string;
  data?: any;
  /** Acknowledgement id. */
  id?: number;
}

/** What one packet becomes on the wire: text first, then the attachments. */
export type Frames = (string | Binary)[];

const reserved = new Set(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]);

/** Whether a name can't be an event on the wire. */
export function isReserved(event: unknown): boolean {
  return reserved.has(event as string);
}

/** Attachments that a packet may have unless an option says otherwise; the default of the servers. */
export const defaultAttachments = 10;

export class Encoder {
  /** limit: attachments of one packet. */
  constructor(private _limit = defaultAttachments) {}

  /** Throws what JSON.stringify throws, and on too many attachments, which the server would answer by closing. */
  encode(p: Packet): Frames {
    let type = p.type;
    let json = p.data === undefined ? "" : undefined;
    let attachments: Binary[] = [];
    if (type === PacketType.EVENT || type === PacketType.ACK) {
      ({ json, attachments } = takeApart(p.data));
      if (attachments.length > this._limit) throw new Error("too many attachments");
      if (attachments.length) type += PacketType.BINARY_EVENT - PacketType.EVENT;
    }
    const head =
      type +
      (attachments.length ? attachments.length + "-" : "") +
      (p.nsp === "/" ? "" : p.nsp + ",") +
      (p.id === undefined ? "" : p.id);
    return [head + (json ?? JSON.stringify(p.data)), ...attachments];
  }
}

/** What the option parser replaces: the two classes, in the form that parsers for the reference have. */
export interface Parser {
  Encoder: new (maxAttachments?: number) => { encode(p: Packet): Frames };
  Decoder: new (maxAttachments?: number) => {
    add(frame: any): void;
    on(event: "decoded", fn: (p: any) => void): unknown;
    destroy(): void;
  };
}

/** Puts the frames of one connection together to packets, and raises decoded for each. */
export class Decoder extends Emitter<{ decoded: (p: Packet) => void }> {
  private _pending?: { packet: Packet; count: number; json: string };
  private _attachments: ArrayBuffer[] = [];

  /** limit: attachments of one packet; no more are ever kept. */
  constructor(private _limit = defaultAttachments) {
    super();
  }

  /** Takes a frame. Throws on every mistake of the peer; the decoder is of no use after that. */
  add(frame: string | ArrayBuffer): void {
    if (typeof frame === "string") {
      if (this._pending) throw malformed();
      const packet = this._text(frame);
      if (packet) this.emit("decoded", packet);
      return;
    }
    if (!this._pending) throw malformed();
    const { packet, count, json } = this._pending;
    if (this._attachments.push(frame) < count) return;
    packet.data = putTogether(json, count, this._attachments);
    this.destroy();
    this.emit("decoded", packet);
  }

  /** Forgets a packet whose attachments did not come. */
  destroy(): void {
    this._pending = undefined;
    this._attachments = [];
  }

  private _text(text: string): Packet | undefined {
    // type, count of attachments, namespace up to a comma, id; the rest is JSON.
    const m = /^([0-6])(?:(\d+)-)?(?:(\/[^,]*)(?:,|$))?(\d+)?/.exec(text);
    if (!m) throw malformed();
    if (m[4] && !Number.isSafeInteger(+m[4])) throw malformed(); // an answer would bear another id
    const binary = +m[1] >= PacketType.BINARY_EVENT;
    const type = +m[1] - (binary ? PacketType.BINARY_EVENT - PacketType.EVENT : 0);
    const packet: Packet = { type, nsp: m[3] || "/" };
    if (m[4]) packet.id = +m[4];
    const json = text.slice(m[0].length);

    if (!binary) {
      if (m[2]) throw malformed();
      packet.data = json ? JSON.parse(json) : undefined;
      check(packet);
      return packet;
    }
    const count = +m[2];
    if (!(count > 0)) throw malformed();
    if (count > this._limit) throw new Error("too many attachments");
    packet.data = putTogether(json, count);
    check(packet);
    this._pending = { packet, count, json };
    return undefined;
  }
}

/** Throws unless the payload is of the kind that its type asks for. */
export function check({ type, data }: Packet): void {
  const object = isObject(data) && !Array.isArray(data);
  const ok =
    type === PacketType.CONNECT
      ? data === undefined || object
      : type === PacketType.DISCONNECT
        ? data === undefined
        : type === PacketType.CONNECT_ERROR
          ? (object && !isObject((data as any).message)) || typeof data === "string"
          : Array.isArray(data) &&
            (type === PacketType.ACK ||
              typeof data[0] === "number" ||
              (typeof data[0] === "string" && !isReserved(data[0])));
  if (!ok) throw malformed();
}
