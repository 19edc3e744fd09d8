export * from "./msgpack.js";
