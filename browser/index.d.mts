// The same for programs that import in Node.js.

export * from "./index.js";
export { io as default } from "./index.js";
