/*! socketio-go MIT */

// src/emitter.ts
var Emitter = class {
  constructor() {
    this._entries = /* @__PURE__ */ new Map();
  }
  on(event, fn) {
    this._entries.set(event, [...this._list(event), fn]);
    return this;
  }
  once(event, fn) {
    const entry = (...args) => {
      this.off(event, entry);
      fn.apply(this, args);
    };
    entry._fn = fn;
    return this.on(event, entry);
  }
  /** Removes one listener, all listeners of an event, or all. */
  off(event, fn) {
    const list = this._list(event);
    const at = list.findIndex((entry) => entry === fn || entry._fn === fn);
    const left = list.filter((_, i) => fn && i !== at);
    if (event === void 0) this._entries.clear();
    else if (left.length) this._entries.set(event, left);
    else this._entries.delete(event);
    return this;
  }
  // The other names under which the reference offers the same.
  addEventListener(event, fn) {
    return this.on(event, fn);
  }
  removeListener(event, fn) {
    return this.off(event, fn);
  }
  removeEventListener(event, fn) {
    return this.off(event, fn);
  }
  removeAllListeners(event, fn) {
    return this.off(event, fn);
  }
  listeners(event) {
    return this._list(event).map((entry) => entry._fn || entry);
  }
  hasListeners(event) {
    return this._entries.has(event);
  }
  /** Calls the listeners of an event on the spot; what they throw reaches the caller. */
  emit(event, ...args) {
    for (const fn of this._list(event)) fn.apply(this, args);
    return this;
  }
  /**
   * @internal
   * Calls the listeners of an event that the library itself raises. What a listener throws is caught and handed to
   * _failed(): a mistake in one listener stops neither the others nor the connection. Reports whether there was one.
   */
  _fire(event, ...args) {
    const list = this._list(event);
    for (const fn of list) this._guard(fn, args);
    return !!list.length;
  }
  /** Calls one user function with the same protection as fire. */
  _guard(fn, args) {
    try {
      fn.apply(this, args);
    } catch (err) {
      this._failed(err);
    }
  }
  /** What to do with an error of a listener: report it as uncaught, so that it shows in the console. */
  _failed(err) {
    setTimeout(() => {
      throw err;
    });
  }
  _list(event) {
    return this._entries.get(event) || [];
  }
};

// src/engineio/packet.ts
function malformed() {
  return new Error("bad packet");
}

// src/binary.ts
function isBinary(value) {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob;
}
function isObject(value) {
  return !!value && typeof value === "object";
}

// src/parser.ts
var protocol = 5;
var PacketType = /* @__PURE__ */ ((PacketType2) => {
  PacketType2[PacketType2["CONNECT"] = 0] = "CONNECT";
  PacketType2[PacketType2["DISCONNECT"] = 1] = "DISCONNECT";
  PacketType2[PacketType2["EVENT"] = 2] = "EVENT";
  PacketType2[PacketType2["ACK"] = 3] = "ACK";
  PacketType2[PacketType2["CONNECT_ERROR"] = 4] = "CONNECT_ERROR";
  PacketType2[PacketType2["BINARY_EVENT"] = 5] = "BINARY_EVENT";
  PacketType2[PacketType2["BINARY_ACK"] = 6] = "BINARY_ACK";
  return PacketType2;
})(PacketType || {});
var reserved = /* @__PURE__ */ new Set(["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"]);
function isReserved(event) {
  return reserved.has(event);
}
function check({ type, data }) {
  const object = isObject(data) && !Array.isArray(data);
  const ok = type === 0 /* CONNECT */ ? data === void 0 || object : type === 1 /* DISCONNECT */ ? data === void 0 : type === 4 /* CONNECT_ERROR */ ? object && !isObject(data.message) || typeof data === "string" : Array.isArray(data) && (type === 3 /* ACK */ || typeof data[0] === "number" || typeof data[0] === "string" && !isReserved(data[0]));
  if (!ok) throw malformed();
}

// src/msgpack/decode.ts
var maxDepth = 512;
function decode(message) {
  const r = new Reader(message);
  const value = r._value(0);
  if (r._left) throw malformed();
  return value;
}
var Reader = class {
  constructor(_message) {
    this._message = _message;
    this._at = 0;
    this._data = new Uint8Array(_message);
    if (!(_message instanceof ArrayBuffer)) {
      this._data = new Uint8Array(_message.buffer, _message.byteOffset, _message.byteLength);
    }
    this._view = new DataView(this._data.buffer, this._data.byteOffset, this._data.byteLength);
  }
  get _left() {
    return this._data.length - this._at;
  }
  _value(depth) {
    const tag = this._uint(1);
    if (tag < 128) return tag;
    if (tag < 144) return this._map(tag & 15, depth);
    if (tag < 160) return this._array(tag & 15, depth);
    if (tag < 192) return this._text(tag & 31);
    if (tag >= 224) return tag - 256;
    switch (tag) {
      case 192:
        return null;
      case 194:
      case 195:
        return tag === 195;
      case 196:
      case 197:
      case 198:
        return this._binary(this._uint(1 << tag - 196));
      case 199:
      case 200:
      case 201:
        return this._extension(this._uint(1 << tag - 199), false);
      case 202:
        return this._view.getFloat32(this._take(4));
      case 203:
        return this._view.getFloat64(this._take(8));
      case 204:
      case 205:
      case 206:
        return this._uint(1 << tag - 204);
      case 207:
        return Number(this._view.getBigUint64(this._take(8)));
      case 208:
        return this._view.getInt8(this._take(1));
      case 209:
        return this._view.getInt16(this._take(2));
      case 210:
        return this._view.getInt32(this._take(4));
      case 211:
        return Number(this._view.getBigInt64(this._take(8)));
      case 212:
      case 213:
      case 214:
      case 215:
      case 216:
        return this._extension(1 << tag - 212, true);
      case 217:
      case 218:
      case 219:
        return this._text(this._uint(1 << tag - 217));
      case 220:
      case 221:
        return this._array(this._uint(2 << tag - 220), depth);
      case 222:
      case 223:
        return this._map(this._uint(2 << tag - 222), depth);
      default:
        throw malformed();
    }
  }
  _array(n, depth) {
    this._enter(n, depth);
    const list = [];
    while (n-- > 0) list.push(this._value(depth + 1));
    return list;
  }
  _map(n, depth) {
    this._enter(2 * n, depth);
    const map = {};
    while (n-- > 0) {
      const key = this._value(depth + 1);
      if (key !== null && typeof key === "object") throw malformed();
      const value = this._value(depth + 1);
      Object.defineProperty(map, String(key), { value, writable: true, enumerable: true, configurable: true });
    }
    return map;
  }
  /** Each of n values takes a byte or more. */
  _enter(n, depth) {
    if (n > this._left || depth >= maxDepth) throw malformed();
  }
  _text(n) {
    const at = this._take(n);
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this._data.subarray(at, at + n));
  }
  _binary(n) {
    const at = this._take(n);
    return this._message.slice(at, at + n);
  }
  /** Type 0 is what JavaScript has and MessagePack has not: undefined, a Date, an ArrayBuffer. */
  _extension(n, fixed) {
    const type = this._view.getInt8(this._take(1));
    if (type === 0 && fixed && n === 1) return void this._take(1);
    if (type === 0 && fixed && n === 8) return new Date(Number(this._view.getBigInt64(this._take(8))));
    const data = this._binary(n);
    return type === 0 && !fixed ? data : [type, data];
  }
  _uint(size) {
    const at = this._take(size);
    if (size === 1) return this._data[at];
    return size === 2 ? this._view.getUint16(at) : this._view.getUint32(at);
  }
  /** Steps over n bytes; returns where they begin. */
  _take(n) {
    if (n > this._left) throw malformed();
    const at = this._at;
    this._at += n;
    return at;
  }
};

// src/msgpack/encode.ts
function encode(value) {
  const w = new Writer();
  w._value(value);
  return w._bytes();
}
var Writer = class {
  constructor() {
    this._data = new Uint8Array(64);
    this._view = new DataView(this._data.buffer);
    this._size = 0;
  }
  _bytes() {
    return this._data.slice(0, this._size);
  }
  _value(v) {
    switch (typeof v) {
      case "string":
        return this._text(v);
      case "number":
        return this._number(v);
      case "boolean":
        return this._byte(v ? 195 : 194);
      case "undefined":
        this._byte(212);
        return this._uint(2, 0);
      case "object":
        return v ? this._object(v) : this._byte(192);
      default:
        throw new TypeError("MessagePack has no " + typeof v);
    }
  }
  _object(v) {
    if (isBinary(v)) return this._binary(v);
    if (Array.isArray(v)) {
      this._head(v.length, 144, 15, 220);
      for (const item of v) this._value(typeof item === "function" ? void 0 : item);
    } else if (v instanceof Date) {
      this._byte(215);
      this._byte(0);
      this._long(v.getTime() || 0);
    } else if (typeof v.toJSON === "function") {
      this._value(v.toJSON());
    } else {
      const keys = Object.keys(v).filter((k) => v[k] !== void 0 && typeof v[k] !== "function");
      this._head(keys.length, 128, 15, 222);
      for (const k of keys) {
        this._text(k);
        this._value(v[k]);
      }
    }
  }
  _number(n) {
    if (!Number.isInteger(n)) {
      this._float(n);
    } else if (n >= 0) {
      if (n < 128) this._byte(n);
      else if (n < 256) this._tagged(204, 1, n);
      else if (n < 65536) this._tagged(205, 2, n);
      else if (n < 4294967296) this._tagged(206, 4, n);
      else this._large(n);
    } else if (n >= -32) this._byte(n & 255);
    else if (n >= -128) this._tagged(208, 1, n & 255);
    else if (n >= -32768) this._tagged(209, 2, n & 65535);
    else if (n >= -2147483648) this._tagged(210, 4, n >>> 0);
    else this._large(n);
  }
  /** A whole number of more than 32 bits; one of more than 64 is written as it is kept, in floating point. */
  _large(n) {
    const unsigned = n >= 0;
    if (unsigned ? n >= 2 ** 64 : n < -(2 ** 63)) {
      this._float(n);
    } else {
      this._byte(unsigned ? 207 : 211);
      this._long(n);
    }
  }
  _float(n) {
    this._byte(203);
    const at = this._room(8);
    this._view.setFloat64(at, n);
  }
  /** A whole number of 64 bits, with or without a sign. */
  _long(n) {
    const at = this._room(8);
    this._view.setBigUint64(at, BigInt.asUintN(64, BigInt(n)));
  }
  _text(s) {
    const data = new TextEncoder().encode(s);
    const n = data.length;
    if (n < 32) this._byte(160 | n);
    else if (n < 256) this._tagged(217, 1, n);
    else this._head(n, 0, -1, 218);
    this._append(data);
  }
  _binary(v) {
    if (v instanceof Blob) throw new TypeError("a Blob can't be sent in MessagePack: send its arrayBuffer()");
    const data = v instanceof ArrayBuffer ? new Uint8Array(v) : new Uint8Array(v.buffer, v.byteOffset, v.byteLength);
    if (data.length < 256) this._tagged(196, 1, data.length);
    else this._head(data.length, 0, -1, 197);
    this._append(data);
  }
  /** A length: within a tag up to most, else behind one, in 2 bytes or, with the next tag, in 4. */
  _head(n, small, most, tag) {
    if (n <= most) this._byte(small | n);
    else if (n < 65536) this._tagged(tag, 2, n);
    else this._tagged(tag + 1, 4, n);
  }
  _tagged(tag, size, n) {
    this._byte(tag);
    this._uint(size, n);
  }
  _byte(b) {
    this._uint(1, b);
  }
  _uint(size, n) {
    const at = this._room(size);
    if (size === 1) this._view.setUint8(at, n);
    else if (size === 2) this._view.setUint16(at, n);
    else this._view.setUint32(at, n);
  }
  _append(data) {
    const at = this._room(data.length);
    this._data.set(data, at);
  }
  /** Makes room for n bytes; returns where they begin. */
  _room(n) {
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
};

// src/msgpack/parser.ts
var types = [0 /* CONNECT */, 1 /* DISCONNECT */, 2 /* EVENT */, 3 /* ACK */, 4 /* CONNECT_ERROR */];
var Encoder = class {
  /** Throws what can't be written: a Blob, a bigint, a symbol. */
  encode({ type, nsp, data, id }) {
    return [encode({ type, nsp, data, id })];
  }
};
var Decoder = class extends Emitter {
  /** Takes a message. Throws on every mistake of the peer. */
  add(message) {
    if (typeof message === "string") throw malformed();
    const p = decode(message);
    const known = p && typeof p.nsp === "string" && types.includes(p.type);
    if (!known || p.id !== void 0 && !Number.isSafeInteger(p.id)) throw malformed();
    check(p);
    this.emit("decoded", p);
  }
  /** Nothing is ever kept. */
  destroy() {
  }
};
export {
  Decoder,
  Encoder,
  PacketType,
  protocol
};
