// What is shown until it is known who this is. It stays empty for a moment, so that nothing flashes.

import { h } from "../dom/h";

export function splash() {
  return { root: h("main", { class: "splash", "aria-busy": "true" }, h("div", { class: "spinner" })), draw() {} };
}
