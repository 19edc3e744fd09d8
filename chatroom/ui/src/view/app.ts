// The whole page: which screen it shows, and what belongs to no screen.

import { phone } from "../dom/device";
import { fill } from "../dom/h";
import { chooseLanguage, t } from "../i18n";
import type { Chat } from "../model/chat";
import { navigate, roomOfAddress } from "../route";
import { JoinScreen } from "./join";
import { Shell } from "./shell";
import { splash } from "./splash";

interface Screen {
  root: HTMLElement;
  draw(): void;
  gone?(): void;
}

export class App {
  private screen?: Screen;
  private shown = "";

  constructor(
    private chat: Chat,
    private body: HTMLElement,
  ) {
    chooseLanguage();
    chat.state.onChange(() => this.draw());
    chat.onEnter = (room) => this.go(room);
    chat.onLost = () => void this.follow();
    addEventListener("popstate", () => void this.follow());
    phone.addEventListener("change", () => void this.follow());
    this.draw();
  }

  /** Builds all views anew, in another language. */
  rebuild(): void {
    chooseLanguage();
    this.shown = "";
    this.draw();
  }

  private draw(): void {
    const { state } = this.chat;
    if (this.shown !== state.screen) {
      this.shown = state.screen;
      this.screen?.gone?.();
      this.screen = this.build();
      fill(this.body, this.screen.root);
      if (state.screen === "chat") void this.follow();
    }
    this.screen!.draw();
    const unread = state.screen === "chat" ? [...state.rooms.values()].reduce((n, rs) => n + state.unread(rs), 0) : 0;
    document.title = (unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : "") + t.brand;
  }

  private build(): Screen {
    switch (this.chat.state.screen) {
      case "loading":
        return splash();
      case "join":
        return new JoinScreen(this.chat, this);
      case "chat":
        return new Shell(this.chat, this);
    }
  }

  /** Opens a room and lets the address follow. */
  go(room: number): void {
    navigate(room);
    this.chat.open(room);
  }

  /** Opens what the address says, if that can be, and else what is best here: a room, or on a phone the list of rooms. */
  private async follow(): Promise<void> {
    if (!this.chat.state.ready) return;
    const asked = roomOfAddress();
    if (asked !== undefined && (this.chat.state.rooms.has(asked) || (await this.chat.fetchRoom(asked)))) {
      if (asked === roomOfAddress()) this.chat.open(asked);
      return;
    }
    if (asked !== roomOfAddress()) return; // somebody went on meanwhile
    const room = phone.matches ? undefined : this.chat.startRoom();
    navigate(room);
    this.chat.open(room);
  }
}
