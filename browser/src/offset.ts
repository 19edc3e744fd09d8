// Which event was the last one stored by the server, for connection state recovery.
//
// The server appends an offset, a string, to each event that it stores. Nothing marks it: an event that is not stored
// (a volatile one) may end with a string of the application's own. Taking that for an offset makes the next recovery
// fail, so a string must look like an offset, and like the last one.

// What servers use: a timestamp in base 64 ("PexYz1q.2"), a stream id ("1700000000000-0"), an object id in hex.
const shape = /^([\w-]{7,}?)(?:[.-]\d+)?$/;

export class Offset {
  _value?: string;
  private _size = 0;

  /** Begins a session, with the server's first offset where it sends one. */
  _start(first?: unknown): void {
    this._value = undefined;
    if (typeof first === "string") this._set(first);
  }

  /** Notes the last argument of an event that asked for no acknowledgement; only such events are stored. */
  _note(last: unknown): void {
    if (typeof last !== "string") return;
    const m = shape.exec(last);
    // The leading character of a time changes once in years, its length in centuries.
    if (m && (this._value === undefined || (m[1].length === this._size && last[0] === this._value[0]))) this._set(last);
  }

  private _set(value: string): void {
    this._value = value;
    this._size = (shape.exec(value)?.[1] || value).length;
  }
}
