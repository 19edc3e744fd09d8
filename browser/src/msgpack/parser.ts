// Socket.IO packets in MessagePack, one binary message each: the dialect of socket.io-msgpack-parser, for the option
// parser. Mirrors parser/msgpack on the server.

import { Emitter } from "../emitter";
import { malformed } from "../engineio/packet";
import { check, Frames, Packet, PacketType } from "../parser";
import { decode } from "./decode";
import { encode } from "./encode";

const types = [PacketType.CONNECT, PacketType.DISCONNECT, PacketType.EVENT, PacketType.ACK, PacketType.CONNECT_ERROR];

export class Encoder {
  /** Throws what can't be written: a Blob, a bigint, a symbol. */
  encode({ type, nsp, data, id }: Packet): Frames {
    return [encode({ type, nsp, data, id })];
  }
}

/** Raises decoded for each message that is a packet. */
export class Decoder extends Emitter<{ decoded: (p: Packet) => void }> {
  /** Takes a message. Throws on every mistake of the peer. */
  add(message: string | ArrayBuffer | Uint8Array): void {
    if (typeof message === "string") throw malformed();
    const p = decode(message) as Packet | null;
    const known = p && typeof p.nsp === "string" && types.includes(p.type);
    if (!known || (p.id !== undefined && !Number.isSafeInteger(p.id))) throw malformed();
    check(p);
    this.emit("decoded", p);
  }

  /** Nothing is ever kept. */
  destroy(): void {}
}

export { protocol, PacketType } from "../parser";
