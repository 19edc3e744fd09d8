// The chat itself: the list of rooms, the room, the panel beside it.

import { wide } from "../dom/device";
import { h, toggle } from "../dom/h";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { recall, remember } from "../prefs";
import { Announcer } from "./announcer";
import type { App } from "./app";
import { Banner } from "./banner";
import { Composer } from "./composer";
import { Header } from "./header";
import { listenToKeys } from "./keys";
import { Panel } from "./panel";
import { RoomsDialog } from "./rooms-dialog";
import { Settings } from "./settings";
import { Sidebar } from "./sidebar";
import { Timeline } from "./timeline";
import { Toasts } from "./toast";
import { TypingLine } from "./typing-line";

export class Shell {
  readonly root: HTMLElement;
  readonly composer: Composer;
  readonly timeline: Timeline;
  readonly toasts: Toasts;
  private panelOpen = wide.matches && recall("panel") !== "closed";
  private parts: { root: HTMLElement; draw(): void }[];
  private leave: (() => void)[] = [];
  private ticker: number;

  constructor(
    readonly chat: Chat,
    readonly app: App,
  ) {
    const sidebar = new Sidebar(chat, this);
    const header = new Header(chat, this);
    const banner = new Banner(chat);
    const typing = new TypingLine(chat);
    const announcer = new Announcer(chat);
    const panel = new Panel(chat, this);
    this.toasts = new Toasts(chat);
    this.timeline = new Timeline(chat, this);
    this.composer = new Composer(chat, this);
    this.parts = [sidebar, header, banner, this.timeline, typing, this.composer, panel, this.toasts];
    this.root = h(
      "div",
      { class: "shell" },
      h("a", { class: "skip", href: "#messages", onclick: (e) => this.skip(e) }, t.skipToMessages),
      sidebar.root,
      h("main", { class: "room" }, header.root, banner.root, this.timeline.root, h("div", { class: "foot" }, typing.root, this.composer.root)),
      h("div", { class: "scrim", onclick: () => this.showPanel(false) }),
      panel.root,
      announcer.root,
      this.toasts.root,
    );
    this.leave.push(listenToKeys(this));
    const narrowed = () => this.showPanel(wide.matches && recall("panel") !== "closed", false);
    wide.addEventListener("change", narrowed);
    this.leave.push(() => wide.removeEventListener("change", narrowed), () => announcer.gone());
    // Countdowns go on while nothing else happens.
    this.ticker = window.setInterval(() => {
      const { link, outbox } = chat.state;
      if (link.phase !== "connected" || outbox.some((o) => o.retryAt)) chat.state.changed();
    }, 1000);
  }

  draw(): void {
    const { state } = this.chat;
    const rs = state.current();
    this.root.dataset.view = rs ? "room" : "list";
    toggle(this.root, "data-panel", this.panelOpen && rs?.room.kind === "public");
    if (rs) this.root.style.setProperty("--room-hue", String(roomHue(rs.room)));
    for (const part of this.parts) part.draw();
  }

  gone(): void {
    clearInterval(this.ticker);
    for (const fn of this.leave) fn();
  }

  get panelShown(): boolean {
    return this.panelOpen;
  }

  showPanel(open: boolean, chosen = true): void {
    this.panelOpen = open;
    if (chosen && wide.matches) remember("panel", open ? "" : "closed");
    this.chat.state.changed();
  }

  browseRooms(): void {
    new RoomsDialog(this.chat, this).show();
  }

  settings(): void {
    new Settings(this.chat, this.app, this.toasts).show();
  }

  /** Opens the private room with a person. */
  async message(user: number): Promise<void> {
    if (user === this.chat.state.me.id) return;
    const failure = await this.chat.openDirect(user);
    if (failure) this.toasts.fail(failure);
    else if (!wide.matches) this.showPanel(false);
    if (!failure) this.composer.focus();
  }

  private skip(e: Event): void {
    e.preventDefault();
    this.timeline.focus();
  }
}

const houseHue = 274;

/** The accent of a room: the house's own for the first one and for private ones, then steps of the golden angle. */
export function roomHue(room: { id: number; peer?: object }): number {
  return room.peer ? houseHue : Math.round(((room.id - 1) * 137.508 + houseHue) % 360);
}
