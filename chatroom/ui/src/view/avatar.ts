// A person's avatar: initials on a colour that is theirs.

import { h } from "../dom/h";
import { initials } from "../text/script";

/** Colours that stay apart, from ids that count up: steps of the golden angle. */
export function hueOf(id: number): number {
  return Math.round((id * 137.508 + 205) % 360);
}

export function avatar(user: { id: number; name: string }, size: "s" | "m" | "l" = "m"): HTMLElement {
  const text = initials(user.name);
  return h("span", { class: `avatar avatar-${size}${text.length > 1 ? " two" : ""}`, hue: hueOf(user.id), "aria-hidden": "true" }, text);
}
