// Short messages at the edge, and the note that the page is out of date.

import { h } from "../dom/h";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import type { Failure } from "../protocol";
import { button } from "./controls";
import { explain } from "./failure";

const shownFor = 5000;

export class Toasts {
  readonly root = h("div", { class: "toasts", role: "status" });
  private outdated?: HTMLElement;

  constructor(private chat: Chat) {}

  draw(): void {
    const { state } = this.chat;
    if (!state.outdated || this.outdated) return;
    this.outdated = h("div", { class: "toast" }, t.newVersion, button("quiet", { onclick: () => location.reload() }, t.reload));
    this.root.append(this.outdated);
    // Nobody looks and nothing is on its way: a good moment.
    const reload = () => document.hidden && state.outbox.length === 0 && location.reload();
    document.addEventListener("visibilitychange", reload);
    reload();
  }

  say(text: string): void {
    const toast = h("div", { class: "toast" }, text);
    this.root.append(toast);
    setTimeout(() => toast.remove(), shownFor);
  }

  fail(failure: Failure): void {
    this.say(explain(failure));
  }
}
