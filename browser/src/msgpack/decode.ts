// MessagePack to JavaScript values, as socket.io-msgpack-parser reads them. Pure: no network, no clock.

import { malformed } from "../engineio/packet";

// Deeper values are refused, as the server does: reading is recursive.
const maxDepth = 512;

/**
 * Reads one value. bin, and the extension 0 that stands for an ArrayBuffer, become an ArrayBuffer, or what message is
 * itself: a part of a Buffer is a Buffer. Throws on anything that is not exactly one value; nothing is allocated on the
 * word of a length that is longer than the message.
 */
export function decode(message: ArrayBuffer | Uint8Array): unknown {
  const r = new Reader(message);
  const value = r._value(0);
  if (r._left) throw malformed();
  return value;
}

class Reader {
  private _at = 0;
  private _data: Uint8Array;
  private _view: DataView;

  constructor(private _message: ArrayBuffer | Uint8Array) {
    this._data = new Uint8Array(_message as ArrayBuffer);
    if (!(_message instanceof ArrayBuffer)) {
      this._data = new Uint8Array(_message.buffer, _message.byteOffset, _message.byteLength);
    }
    this._view = new DataView(this._data.buffer, this._data.byteOffset, this._data.byteLength);
  }

  get _left(): number {
    return this._data.length - this._at;
  }

  _value(depth: number): unknown {
    const tag = this._uint(1);
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this._map(tag & 15, depth);
    if (tag < 0xa0) return this._array(tag & 15, depth);
    if (tag < 0xc0) return this._text(tag & 31);
    if (tag >= 0xe0) return tag - 0x100;
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return tag === 0xc3;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this._binary(this._uint(1 << (tag - 0xc4)));
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this._extension(this._uint(1 << (tag - 0xc7)), false);
      case 0xca:
        return this._view.getFloat32(this._take(4));
      case 0xcb:
        return this._view.getFloat64(this._take(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this._uint(1 << (tag - 0xcc));
      case 0xcf:
        return Number(this._view.getBigUint64(this._take(8)));
      case 0xd0:
        return this._view.getInt8(this._take(1));
      case 0xd1:
        return this._view.getInt16(this._take(2));
      case 0xd2:
        return this._view.getInt32(this._take(4));
      case 0xd3:
        return Number(this._view.getBigInt64(this._take(8)));
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this._extension(1 << (tag - 0xd4), true);
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this._text(this._uint(1 << (tag - 0xd9)));
      case 0xdc:
      case 0xdd:
        return this._array(this._uint(2 << (tag - 0xdc)), depth);
      case 0xde:
      case 0xdf:
        return this._map(this._uint(2 << (tag - 0xde)), depth);
      default:
        throw malformed(); // 0xc1, which is never used
    }
  }

  private _array(n: number, depth: number): unknown[] {
    this._enter(n, depth);
    const list: unknown[] = [];
    while (n-- > 0) list.push(this._value(depth + 1));
    return list;
  }

  private _map(n: number, depth: number): object {
    this._enter(2 * n, depth);
    const map = {};
    while (n-- > 0) {
      const key = this._value(depth + 1);
      if (key !== null && typeof key === "object") throw malformed();
      // Defined, not assigned: a key "__proto__" of a peer must stay an ordinary key.
      const value = this._value(depth + 1);
      Object.defineProperty(map, String(key), { value, writable: true, enumerable: true, configurable: true });
    }
    return map;
  }

  /** Each of n values takes a byte or more. */
  private _enter(n: number, depth: number): void {
    if (n > this._left || depth >= maxDepth) throw malformed();
  }

  private _text(n: number): string {
    const at = this._take(n);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this._data.subarray(at, at + n));
  }

  private _binary(n: number): ArrayBuffer | Uint8Array {
    const at = this._take(n);
    return this._message.slice(at, at + n);
  }

  /** Type 0 is what JavaScript has and MessagePack has not: undefined, a Date, an ArrayBuffer. */
  private _extension(n: number, fixed: boolean): unknown {
    const type = this._view.getInt8(this._take(1));
    if (type === 0 && fixed && n === 1) return void this._take(1);
    if (type === 0 && fixed && n === 8) return new Date(Number(this._view.getBigInt64(this._take(8))));
    const data = this._binary(n);
    return type === 0 && !fixed ? data : [type, data];
  }

  private _uint(size: number): number {
    const at = this._take(size);
    if (size === 1) return this._data[at];
    return size === 2 ? this._view.getUint16(at) : this._view.getUint32(at);
  }

  /** Steps over n bytes; returns where they begin. */
  private _take(n: number): number {
    if (n > this._left) throw malformed();
    const at = this._at;
    this._at += n;
    return at;
  }
}
