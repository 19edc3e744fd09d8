// As much of Node's Buffer as the cases use: bytes from text, a list or a count.

export const Buffer = {
  from: (v) => (typeof v === "string" ? new TextEncoder().encode(v) : Uint8Array.from(v)),
  alloc: (size, fill = 0) => new Uint8Array(size).fill(fill),
};
