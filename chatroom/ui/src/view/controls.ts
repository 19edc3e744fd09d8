// Small things that many views are made of.

import { Child, h, Props } from "../dom/h";
import { icon, IconName } from "../dom/icons";

/** A button that shows an icon and says a name. */
export function iconButton(name: IconName, label: string, onclick: () => void, props: Props = {}): HTMLButtonElement {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...props }, icon(name));
}

export function button(kind: "primary" | "plain" | "quiet" | "danger", props: Props, ...children: Child[]): HTMLButtonElement {
  return h("button", { type: "button", ...props, class: `button ${kind} ${props.class ?? ""}` }, ...children);
}

/** One of a few, side by side: radio buttons that look like one control. */
export function segmented<T extends string>(label: string, value: T, options: [T, string, IconName?][], chosen: (v: T) => void): HTMLElement {
  const group = "g" + Math.random().toString(36).slice(2);
  return h(
    "fieldset",
    { class: "segmented" },
    h("legend", null, label),
    ...options.map(([v, text, sign]) =>
      h(
        "label",
        null,
        h("input", { type: "radio", name: group, value: v, checked: v === value, onchange: () => chosen(v) }),
        h("span", null, sign && icon(sign), text),
      ),
    ),
  );
}

let ids = 0;

/** A text field with its label, a hint and a place for what is wrong with it. */
export class Field {
  readonly input: HTMLInputElement;
  readonly root: HTMLElement;
  private error: HTMLElement;

  constructor(label: string, props: Props & { extra?: string }) {
    const id = "f" + ++ids;
    const { extra, ...rest } = props;
    this.input = h("input", { id, type: "text", autocomplete: "off", "aria-describedby": id + "e", ...rest });
    this.error = h("p", { class: "field-error", id: id + "e", role: "alert" });
    this.root = h(
      "div",
      { class: "field" },
      h("label", { for: id }, label, extra ? h("span", { class: "extra" }, extra) : null),
      this.input,
      this.error,
    );
    this.input.addEventListener("input", () => this.fail(""));
  }

  fail(text: string): void {
    this.error.textContent = text;
    if (text) this.input.setAttribute("aria-invalid", "true");
    else this.input.removeAttribute("aria-invalid");
  }
}
