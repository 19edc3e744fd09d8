// Tells screen readers of new messages in the open room. The list itself is not a live region: it would be read again
// with each page of history.

import { h } from "../dom/h";
import { t } from "../i18n";
import type { Chat } from "../model/chat";

const burst = 10;
const burstTime = 5000;
const kept = 20;

export class Announcer {
  readonly root = h("div", { class: "sr", role: "log", "aria-live": "polite" });
  private recent: number[] = [];
  private skipped = 0;
  private timer?: number;

  constructor(private chat: Chat) {
    chat.messages.onMessage = (m, author) => {
      if (m.room === chat.state.open) this.message(`${author}: ${m.body}`);
    };
  }

  gone(): void {
    clearTimeout(this.timer);
    this.chat.messages.onMessage = () => {};
  }

  private message(text: string): void {
    const now = Date.now();
    this.recent = [...this.recent.filter((at) => now - at < burstTime), now];
    if (this.recent.length < burst) {
      this.say(text);
      return;
    }
    this.skipped++;
    this.timer ??= window.setTimeout(() => {
      this.say(t.announceMany(this.skipped));
      this.skipped = 0;
      this.timer = undefined;
    }, burstTime);
  }

  private say(text: string): void {
    this.root.append(h("p", null, text));
    while (this.root.childElementCount > kept) this.root.firstElementChild!.remove();
  }
}
