// Binary values in JSON: out, a placeholder takes the place of each; in, each placeholder is filled again
// (Socket.IO protocol 5, "Binary packets").

import { Binary, malformed } from "./engineio/packet";

/** What JSON.stringify leaves out or breaks, and the wire carries as bytes. */
export function isBinary(value: unknown): value is Binary {
  return (
    value instanceof ArrayBuffer || ArrayBuffer.isView(value) || value instanceof Blob
  );
}

/** Whether a value is an object or an array. */
export function isObject(value: unknown): value is object {
  return !!value && typeof value === "object";
}

/** Whether a value has bytes anywhere in what JSON.stringify would visit. */
export function hasBinary(value: any): boolean {
  if (!isObject(value)) return false;
  if (isBinary(value)) return true;
  const { toJSON } = value as any;
  const shown = typeof toJSON === "function" ? toJSON.call(value) : value;
  return isObject(shown) && Object.values(shown).some(hasBinary);
}

/** The JSON of data with placeholders, and what they stand for. data itself is not changed. */
export function takeApart(data: unknown): { json: string; attachments: Binary[] } {
  const attachments: Binary[] = [];
  const json = JSON.stringify(data, function (key, value) {
    const original = this[key]; // value has been through toJSON, which Node's Buffer has
    return isBinary(original) ? { _placeholder: true, num: attachments.push(original) - 1 } : value;
  });
  return { json, attachments };
}

/** A place in parsed JSON that waits for an attachment. */
interface Slot {
  _holder: any;
  _key: string;
}

/**
 * Reads JSON whose placeholders must name each of count attachments once. Returns the data and a function that fills
 * them in. All checks happen here, before any attachment is kept.
 */
export function putTogether(json: string, count: number): { data: any; fill: (attachments: ArrayBuffer[]) => void } {
  const slots: Slot[] = [];
  let found = 0;
  const data = JSON.parse(json, function (key, value) {
    if (value && value._placeholder === true) {
      const num = value.num;
      const fits = Number.isInteger(num) && num >= 0 && num < count && !slots[num];
      // Our own placeholders hold nothing else; one that hides more JSON is not one.
      if (!fits || Object.values(value).some(isObject)) throw malformed();
      slots[num] = { _holder: this, _key: key };
      found++;
    }
    return value;
  });
  if (found !== count) throw malformed();
  const fill = (attachments: ArrayBuffer[]) => {
    slots.forEach(({ _holder: holder, _key: key }, i) => {
      // Defined, not assigned: a key "__proto__" in a peer's JSON must stay an ordinary key.
      Object.defineProperty(holder, key, {
        value: attachments[i],
        writable: true,
        enumerable: true,
        configurable: true,
      });
    });
  };
  return { data, fill };
}
