// Who is typing. The line always takes its place, so that nothing jumps. It is not announced.

import { h, setText, toggle } from "../dom/h";
import { t } from "../i18n";
import type { Chat } from "../model/chat";

export class TypingLine {
  private text = h("span");
  readonly root = h("div", { class: "typing", "aria-hidden": "true" }, h("span", { class: "dots" }, h("i"), h("i"), h("i")), this.text);

  constructor(private chat: Chat) {}

  draw(): void {
    const { state } = this.chat;
    const now = Date.now();
    const people = [...(state.current()?.typing ?? [])].filter(([, until]) => until > now).map(([id]) => state.nameOf(id));
    toggle(this.root, "data-on", people.length > 0);
    if (people.length > 0) setText(this.text, t.typing(people));
  }
}
