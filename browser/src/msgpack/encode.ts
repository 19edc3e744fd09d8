// JavaScript values to MessagePack, as socket.io-msgpack-parser writes them. Pure: no network, no clock.

import { isBinary } from "../binary";

/**
 * The MessagePack of a value. What JSON leaves out of an object, undefined and functions, is left out here; toJSON is
 * heard. Throws on a Blob, whose bytes can't be had at once, and on a bigint, as JSON does.
 */
export function encode(value: unknown): Uint8Array {
  const w = new Writer();
  w._value(value);
  return w._bytes();
}

class Writer {
  private _data = new Uint8Array(64);
  private _view = new DataView(this._data.buffer);
  private _size = 0;

  _bytes(): Uint8Array {
    return this._data.slice(0, this._size);
  }

  _value(v: any): void {
    switch (typeof v) {
      case "string":
        return this._text(v);
      case "number":
        return this._number(v);
      case "boolean":
        return this._byte(v ? 0xc3 : 0xc2);
      case "undefined":
        this._byte(0xd4); // an extension of one byte, type 0
        return this._uint(2, 0);
      case "object":
        return v ? this._object(v) : this._byte(0xc0);
      default:
        throw new TypeError("MessagePack has no " + typeof v);
    }
  }

  private _object(v: any): void {
    if (isBinary(v)) return this._binary(v);
    if (Array.isArray(v)) {
      this._head(v.length, 0x90, 15, 0xdc);
      for (const item of v) this._value(typeof item === "function" ? undefined : item);
    } else if (v instanceof Date) {
      this._byte(0xd7); // an extension of eight bytes, type 0: ms since 1970
      this._byte(0);
      this._long(v.getTime() || 0); // a Date that is none has no number
    } else if (typeof v.toJSON === "function") {
      this._value(v.toJSON());
    } else {
      const keys = Object.keys(v).filter((k) => v[k] !== undefined && typeof v[k] !== "function");
      this._head(keys.length, 0x80, 15, 0xde);
      for (const k of keys) {
        this._text(k);
        this._value(v[k]);
      }
    }
  }

  private _number(n: number): void {
    if (!Number.isInteger(n)) {
      this._float(n);
    } else if (n >= 0) {
      if (n < 0x80) this._byte(n);
      else if (n < 0x100) this._tagged(0xcc, 1, n);
      else if (n < 0x10000) this._tagged(0xcd, 2, n);
      else if (n < 0x100000000) this._tagged(0xce, 4, n);
      else this._large(n);
    } else if (n >= -0x20) this._byte(n & 0xff);
    else if (n >= -0x80) this._tagged(0xd0, 1, n & 0xff);
    else if (n >= -0x8000) this._tagged(0xd1, 2, n & 0xffff);
    else if (n >= -0x80000000) this._tagged(0xd2, 4, n >>> 0);
    else this._large(n);
  }

  /** A whole number of more than 32 bits; one of more than 64 is written as it is kept, in floating point. */
  private _large(n: number): void {
    const unsigned = n >= 0;
    if (unsigned ? n >= 2 ** 64 : n < -(2 ** 63)) {
      this._float(n);
    } else {
      this._byte(unsigned ? 0xcf : 0xd3);
      this._long(n);
    }
  }

  private _float(n: number): void {
    this._byte(0xcb);
    const at = this._room(8); // which may bring another view
    this._view.setFloat64(at, n);
  }

  /** A whole number of 64 bits, with or without a sign. */
  private _long(n: number): void {
    const at = this._room(8);
    this._view.setBigUint64(at, BigInt.asUintN(64, BigInt(n)));
  }

  private _text(s: string): void {
    const data = new TextEncoder().encode(s);
    const n = data.length;
    if (n < 32) this._byte(0xa0 | n);
    else if (n < 0x100) this._tagged(0xd9, 1, n);
    else this._head(n, 0, -1, 0xda);
    this._append(data);
  }

  private _binary(v: ArrayBuffer | ArrayBufferView | Blob): void {
    if (v instanceof Blob) throw new TypeError("a Blob can't be sent in MessagePack: send its arrayBuffer()");
    const data = v instanceof ArrayBuffer ? new Uint8Array(v) : new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
    if (data.length < 0x100) this._tagged(0xc4, 1, data.length);
    else this._head(data.length, 0, -1, 0xc5);
    this._append(data);
  }

  /** A length: within a tag up to most, else behind one, in 2 bytes or, with the next tag, in 4. */
  private _head(n: number, small: number, most: number, tag: number): void {
    if (n <= most) this._byte(small | n);
    else if (n < 0x10000) this._tagged(tag, 2, n);
    else this._tagged(tag + 1, 4, n);
  }

  private _tagged(tag: number, size: number, n: number): void {
    this._byte(tag);
    this._uint(size, n);
  }

  private _byte(b: number): void {
    this._uint(1, b);
  }

  private _uint(size: number, n: number): void {
    const at = this._room(size);
    if (size === 1) this._view.setUint8(at, n);
    else if (size === 2) this._view.setUint16(at, n);
    else this._view.setUint32(at, n);
  }

  private _append(data: Uint8Array): void {
    const at = this._room(data.length);
    this._data.set(data, at);
  }

  /** Makes room for n bytes; returns where they begin. */
  private _room(n: number): number {
    const at = this._size;
    this._size += n;
    if (this._size > this._data.length) {
      const more = new Uint8Array(this._size * 2);
      more.set(this._data);
      this._data = more;
      this._view = new DataView(more.buffer);
    }
    return at;
  }
}
