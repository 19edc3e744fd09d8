// Engine.IO packets: one packet to and from text, several to and from the body of a polling request.
// Pure: no network, no clock.

export type PacketType = "open" | "close" | "ping" | "pong" | "message" | "upgrade" | "noop";

/** What can be sent as bytes. What is received as bytes is always an ArrayBuffer. */
export type Binary = ArrayBuffer | ArrayBufferView | Blob;

export interface Packet {
  type: PacketType;
  /** Only a message can be binary. */
  data?: string | Binary;
  options?: { compress?: boolean };
}

// The place in the list is the digit on the wire.
const types: PacketType[] = ["open", "close", "ping", "pong", "message", "upgrade", "noop"];

/** A mistake of the peer. */
export function malformed(): Error {
  return new Error("bad packet");
}

/** Separates the records of a payload (Engine.IO protocol 4, "HTTP long-polling"). */
const separator = "\x1e";

/** The text form of a packet whose data is text. */
export function encodeText(p: Packet): string {
  return types.indexOf(p.type) + ((p.data as string) || "");
}

/** Reads one record of a payload or one WebSocket text frame. Throws on anything that is not a packet. */
export function decodeText(text: string): Packet {
  if (text[0] === "b") return { type: "message", data: fromBase64(text.slice(1)) };
  const type = types[text[0] as any];
  if (!type) throw malformed();
  return { type, data: text.length > 1 ? text.slice(1) : undefined };
}

/** The record of a packet in a payload; binary data becomes base64. A Blob has to be read first, hence the promise. */
export async function encodeRecord(p: Packet): Promise<string> {
  return isText(p.data) ? encodeText(p) : "b" + toBase64(await bytes(p.data));
}

export async function encodePayload(packets: Packet[]): Promise<string> {
  return (await Promise.all(packets.map(encodeRecord))).join(separator);
}

/** Hands each packet of a payload to each() as it is read: a hostile payload fails at its first bad record. */
export function decodePayload(body: string, each: (p: Packet) => void): void {
  for (let from = 0, to; to !== body.length; from = to + 1) {
    to = body.indexOf(separator, from);
    if (to < 0) to = body.length;
    each(decodeText(body.slice(from, to)));
  }
}

/** The length in bytes of a packet's record, without building it. */
export function recordSize(p: Packet): number {
  if (!isText(p.data)) return 1 + Math.ceil(((p.data as Blob).size ?? (p.data as ArrayBuffer).byteLength) / 3) * 4;
  return 1 + new TextEncoder().encode(p.data).length;
}

export function isText(data: Packet["data"]): data is string | undefined {
  return data === undefined || typeof data === "string";
}

/** The bytes that a value stands for; a typed array stands for its own window of its buffer only. */
export async function bytes(data: Binary): Promise<Uint8Array> {
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(await new Response(data).arrayBuffer());
}

function toBase64(data: Uint8Array): string {
  let text = "";
  // In pieces, since a call takes a limited number of arguments.
  for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
  return btoa(text);
}

function fromBase64(text: string): ArrayBuffer {
  const raw = atob(text);
  if (btoa(raw) !== text) throw malformed(); // atob overlooks blanks, missing padding and stray bits
  const data = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) data[i] = raw.charCodeAt(i);
  return data.buffer;
}
