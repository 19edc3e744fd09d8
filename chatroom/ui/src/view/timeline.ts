// The list of messages: it stays where the reader is, whatever comes, and follows only who is at its end.

import { fill, h, setText, toggle } from "../dom/h";
import { icon } from "../dom/icons";
import { KeyedList } from "../dom/list";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { RoomState, titleOf } from "../model/state";
import { button } from "./controls";
import { entriesOf } from "./items";
import { Rows } from "./row";
import type { Shell } from "./shell";

/** Who is as near to the end, in pixels, follows it. */
const nearEnd = 100;
/** From how far the next page is loaded. */
const reach = 600;

export class Timeline {
  readonly root: HTMLElement;
  private scroll: HTMLElement;
  private list: KeyedList;
  private rows: Rows;
  private pill: HTMLButtonElement;
  private pillText = h("span");
  private state = h("div", { class: "timeline-state" });
  private stateLook = "";
  private shown?: RoomState;
  private jump = -1;
  private stick = true;
  private height = 0;

  constructor(
    private chat: Chat,
    shell: Shell,
  ) {
    this.rows = new Rows(chat, shell);
    const inner = h("div", { class: "timeline-inner", role: "list" });
    this.list = new KeyedList(inner);
    this.scroll = h(
      "div",
      { class: "timeline-scroll", id: "messages", tabindex: 0, onscroll: () => this.scrolled(), onkeydown: (e) => this.key(e) },
      inner,
    );
    this.pill = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.present() }, icon("down"), this.pillText);
    this.root = h("section", { class: "timeline" }, this.scroll, this.state, this.pill);
    // The composer grows, the keyboard of a phone opens, fonts arrive: the end stays the end.
    const observer = new ResizeObserver(() => this.keepEnd());
    observer.observe(this.scroll);
    observer.observe(inner);
  }

  draw(): void {
    const rs = this.chat.state.current();
    if (rs !== this.shown) {
      this.shown = rs;
      this.jump = -1;
      this.stick = true;
    }
    this.drawState(rs);
    if (!rs) return;
    this.scroll.setAttribute("aria-label", t.messagesIn(titleOf(rs.room)));
    const entries = entriesOf(this.chat.state, rs);
    const anchor = this.stick ? undefined : this.anchor();
    this.list.update(entries.map((e) => this.rows.item(rs, e)));
    if (this.jump !== rs.jump && rs.loaded) {
      this.jump = rs.jump;
      this.land(rs);
    } else if (anchor) {
      this.restore(anchor);
    } else {
      this.keepEnd();
    }
    this.drawPill(rs);
    this.more();
  }

  focus(): void {
    this.scroll.focus();
  }

  toEnd(): void {
    this.stick = true;
    this.keepEnd();
  }

  /** What stands instead of messages: nothing yet, nothing at all, or what went wrong. */
  private drawState(rs: RoomState | undefined): void {
    const look = !rs ? `none${this.chat.state.rooms.size}${this.chat.state.ready}` : rs.failed === "first" ? "failed" : !rs.loaded ? "loading" : "";
    if (look === this.stateLook) return;
    this.stateLook = look;
    this.state.hidden = look === "";
    if (look.startsWith("none")) {
      const empty = this.chat.state.ready && this.chat.state.rooms.size === 0;
      fill(this.state, h("div", { class: "empty" }, this.chat.state.ready && h("h2", null, empty ? t.noRooms : t.pickRoom), empty && h("p", null, t.noRoomsLead)));
    } else if (look === "failed") {
      fill(this.state, h("div", { class: "empty" }, h("p", null, t.noMessages), button("plain", { onclick: () => void this.chat.messages.loadFirst(rs!) }, t.retry)));
    } else if (look === "loading") {
      fill(this.state, skeleton());
    } else {
      fill(this.state);
    }
  }

  private drawPill(rs: RoomState): void {
    const away = !this.atEnd();
    const unread = this.chat.state.unread(rs);
    this.pill.hidden = !(away || rs.newer) || !rs.loaded;
    setText(this.pillText, unread > 0 ? t.newCount(unread) : t.jumpToPresent);
    toggle(this.pill, "data-new", unread > 0);
  }

  // Where the reader is.

  private atEnd(): boolean {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < nearEnd;
  }

  private scrolled(): void {
    // A change of height scrolls too; only the reader's own scrolling counts.
    if (this.scroll.scrollHeight === this.height || this.atEnd()) this.stick = this.atEnd();
    this.height = this.scroll.scrollHeight;
    const end = this.stick && !this.shown?.newer;
    if (end !== this.chat.reading.atEnd) {
      this.chat.reading.atEnd = end;
      this.chat.reading.look();
      this.chat.state.changed();
    }
    this.more();
  }

  private keepEnd(): void {
    this.height = this.scroll.scrollHeight;
    if (this.stick) this.scroll.scrollTop = this.height;
  }

  /** The first message in view, and where its text is. Its element may be made anew: the first of a group gets a head. */
  private anchor(): { key: string; top: number } | undefined {
    const top = this.scroll.getBoundingClientRect().top;
    for (const [key, el] of this.list.elements()) {
      if (el.classList.contains("row") && el.getBoundingClientRect().bottom > top) return { key, top: textTop(el) };
    }
    return undefined;
  }

  private restore({ key, top }: { key: string; top: number }): void {
    const el = this.list.get(key);
    if (el) this.scroll.scrollTop += textTop(el) - top;
    this.height = this.scroll.scrollHeight;
  }

  /** A room was opened: its end, or the first message that is new if the end would hide it. */
  private land(rs: RoomState): void {
    this.toEnd();
    const divider = rs.divider === undefined ? undefined : this.list.get("new");
    if (divider && divider.offsetTop < this.scroll.scrollTop) {
      this.scroll.scrollTop = Math.max(0, divider.offsetTop - 24);
      this.stick = this.atEnd();
    }
    this.chat.reading.atEnd = this.stick && !rs.newer;
    this.chat.reading.look();
  }

  private present(): void {
    const rs = this.shown;
    if (!rs) return;
    this.toEnd();
    this.chat.toPresent(rs);
  }

  /** Loads the next page when the reader comes near an edge. */
  private more(): void {
    const rs = this.shown;
    if (!rs?.loaded || rs.failed) return;
    const { scrollTop, scrollHeight, clientHeight } = this.scroll;
    if (rs.older && scrollTop < reach) void this.chat.messages.loadMore(rs, "older");
    else if (rs.newer && scrollHeight - scrollTop - clientHeight < reach) void this.chat.messages.loadMore(rs, "newer");
  }

  /** Up and down go from message to message. */
  private key(e: KeyboardEvent): void {
    if (e.altKey || e.ctrlKey || e.metaKey || (e.key !== "ArrowUp" && e.key !== "ArrowDown")) return;
    const rows = [...this.list.parent.querySelectorAll<HTMLElement>(":scope > .row")];
    const at = rows.indexOf(document.activeElement?.closest(".row") as HTMLElement);
    const next = at < 0 ? rows.at(-1) : rows[at + (e.key === "ArrowUp" ? -1 : 1)];
    if (!next) return;
    e.preventDefault();
    next.focus();
  }
}

function textTop(row: HTMLElement): number {
  return row.querySelector(".body")!.getBoundingClientRect().top;
}

/** What messages look like before they are there. It shows itself only when that takes long. */
function skeleton(): HTMLElement {
  const widths = [62, 38, 74, 45, 58, 30, 66];
  return h(
    "div",
    { class: "skeleton", "aria-hidden": "true" },
    ...widths.map((w) => h("div", { class: "skeleton-row" }, h("i"), h("div", null, h("b", { class: "w" + (w % 3) }), h("b", { class: "v" + Math.round(w / 15) })))),
  );
}
