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

/** The JSON of data with placeholders, and what they stand for. data itself is not changed. */
export function takeApart(data: unknown): { json: string; attachments: Binary[] } {
  const attachments: Binary[] = [];
  const json = JSON.stringify(data, function (key, value) {
    const original = this[key]; // value has been through toJSON, which Node's Buffer has
    return isBinary(original) ? { _placeholder: true, num: attachments.push(original) - 1 } : value;
  });
  return { json, attachments };
}

/**
 * Reads JSON whose placeholders must name each of count attachments once. The attachments take their places; where there is
 * none yet, the placeholder stays: so all checks can be made before any attachment is kept.
 */
export function putTogether(json: string, count: number, attachments: unknown[] = []): any {
  const named = new Set<number>();
  const data = JSON.parse(json, (_, value) => {
    if (!value || value._placeholder !== true) return value;
    const { num } = value;
    const fits = Number.isInteger(num) && num >= 0 && num < count && !named.has(num);
    // Our own placeholders hold nothing else; one that hides more JSON is not one.
    if (!fits || Object.values(value).some(isObject)) throw malformed();
    named.add(num);
    return attachments[num] ?? value;
  });
  if (named.size !== count) throw malformed();
  return data;
}
