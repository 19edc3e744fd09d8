// One line about the connection, only when there is something to say. A short loss is not: a planned restart of the
// server must not be seen.

import { fill, h } from "../dom/h";
import { t } from "../i18n";
import type { Chat } from "../model/chat";

const patience = 2000;
const patienceWithUpdates = 5000;

export class Banner {
  readonly root = h("div", { class: "banner", role: "alert", hidden: true });
  private look = "";

  constructor(private chat: Chat) {}

  draw(): void {
    const [text, action] = this.say();
    const look = text + "\n" + !!action;
    if (look === this.look) return;
    this.look = look;
    this.root.hidden = !text;
    fill(
      this.root,
      text && h("span", { class: "spinner small" }),
      text && h("span", null, text),
      action && h("button", { type: "button", class: "link", onclick: action }, t.now),
    );
  }

  private say(): [text: string, action?: () => void] {
    const { link, outbox } = this.chat.state;
    if (link.phase === "connected" || !link.lostAt) return [""];
    const since = Date.now() - link.lostAt;
    if (since < (link.updating ? patienceWithUpdates : patience)) return [""];
    const now = () => this.chat.link.now();
    if (!navigator.onLine) {
      return [outbox.length > 0 ? t.offlineQueue(outbox.length) : t.offline, now];
    }
    if (link.updating) return [t.updating];
    const seconds = Math.ceil((link.retryAt - Date.now()) / 1000);
    if (link.phase === "waiting" && seconds > 0) return [t.reconnectingIn(link.attempt, seconds), now];
    return [t.reconnecting];
  }
}
