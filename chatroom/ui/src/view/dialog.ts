// Dialogs, with what the browser's own <dialog> brings: the focus stays inside and goes back, Escape closes.

import { Child, h } from "../dom/h";
import { t } from "../i18n";
import { button, iconButton } from "./controls";

export class Dialog {
  readonly el: HTMLDialogElement;

  constructor(title: string, name: string, ...children: Child[]) {
    const heading = "d-" + name;
    this.el = h(
      "dialog",
      { class: "dialog " + name, "aria-labelledby": heading, onclose: () => this.el.remove(), onclick: (e) => this.outside(e) },
      h(
        "div",
        { class: "dialog-inside", tabindex: -1, autofocus: true },
        h("div", { class: "dialog-head" }, h("h2", { id: heading }, title), iconButton("close", t.close, () => this.close())),
        ...children,
      ),
    );
  }

  show(): void {
    document.body.append(this.el);
    this.el.showModal();
  }

  close(): void {
    this.el.close();
  }

  private outside(e: MouseEvent): void {
    if (e.target === this.el) this.close();
  }
}

/** Asks a question; false when the answer is no, in whatever way. */
export function confirm(question: string, yes: string): Promise<boolean> {
  return new Promise((resolve) => {
    let answer = false;
    const el: HTMLDialogElement = h(
      "dialog",
      {
        class: "dialog confirm",
        "aria-label": yes,
        onclose: () => {
          el.remove();
          resolve(answer);
        },
        onclick: (e) => e.target === el && el.close(),
      },
      h(
        "div",
        { class: "dialog-inside" },
        h("p", null, question),
        h(
          "div",
          { class: "dialog-buttons" },
          button("plain", { onclick: () => el.close() }, t.cancel),
          button(
            "danger",
            {
              onclick: () => {
                answer = true;
                el.close();
              },
            },
            yes,
          ),
        ),
      ),
    );
    document.body.append(el);
    el.showModal();
  });
}
