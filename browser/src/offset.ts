// Which event was the last one stored by the server, for connection state recovery.
//
// The server appends an offset, a string, to each event that it stores. Nothing marks it: an event that is not stored
// (a volatile one) may end with a string of the application's own. Taking that for an offset makes the next recovery
// fail, so a string must look like an offset, and like the last one.

// What servers use: a timestamp in base 64 ("PexYz1q.2"), a stream id ("1700000000000-0"), an object id in hex.
const shape = /^[\w-]{7,}(\.\d+)?$/;
// What is not part of the time.
const counter = /[.-]\d+$/;

export class Offset {
  _value?: string;

  /** Begins a session, with the server's first offset where it sends one. */
  _start(first?: unknown): void {
    this._value = typeof first === "string" ? first : undefined;
  }

  /** Notes the last argument of an event that asked for no acknowledgement; only such events are stored. */
  _note(last: unknown): void {
    if (typeof last === "string" && shape.test(last) && alike(last, this._value ?? last)) this._value = last;
  }
}

/** Of two times, the leading character changes once in years, the length in centuries. */
function alike(a: string, b: string): boolean {
  return a[0] === b[0] && a.replace(counter, "").length === b.replace(counter, "").length;
}
