// All public rooms: find one, join it, or make one.

import { touch } from "../dom/device";
import { fill, h } from "../dom/h";
import { icon } from "../dom/icons";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { limits } from "../protocol";
import type { Listing } from "../wire";
import { button, Field } from "./controls";
import { Dialog } from "./dialog";
import { explain } from "./failure";
import { roomHue, type Shell } from "./shell";

const searchDelay = 150;

export class RoomsDialog {
  private dialog: Dialog;
  private search: HTMLInputElement;
  private list = h("ul", { class: "room-list" });
  private browse: HTMLElement;
  private form: HTMLFormElement;
  private name: Field;
  private topic: Field;
  private timer?: number;
  private asked = 0;

  constructor(
    private chat: Chat,
    private shell: Shell,
  ) {
    this.search = h("input", {
      type: "search",
      class: "search",
      placeholder: t.findRoom,
      "aria-label": t.findRoom,
      autocomplete: "off",
      oninput: () => this.typed(),
    });
    this.browse = h(
      "div",
      { class: "browse" },
      h("div", { class: "search-line" }, icon("search"), this.search),
      this.list,
      h("div", { class: "dialog-buttons" }, button("primary", { onclick: () => this.compose("") }, icon("plus"), t.createRoom)),
    );
    this.name = new Field(t.roomName, { placeholder: t.roomNameHint, maxlength: limits.name * 2 });
    this.topic = new Field(t.roomTopic, { extra: t.optional, maxlength: limits.topic * 2 });
    this.form = h(
      "form",
      { class: "create", hidden: true, novalidate: true, onsubmit: (e) => void this.create(e) },
      this.name.root,
      this.topic.root,
      h(
        "div",
        { class: "dialog-buttons" },
        button("plain", { onclick: () => this.compose(undefined) }, t.cancel),
        button("primary", { type: "submit" }, t.create),
      ),
    );
    this.dialog = new Dialog(t.browseRooms, "rooms", this.browse, this.form);
  }

  show(): void {
    this.dialog.show();
    if (!touch.matches) this.search.focus(); // or the keyboard of a phone hides the list
    void this.load();
  }

  private typed(): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.load(), searchDelay);
  }

  private async load(): Promise<void> {
    const query = this.search.value.trim().replace(/^#/, "");
    const asked = ++this.asked;
    const answer = await this.chat.listRooms(query);
    if (asked !== this.asked) return;
    if (!answer.ok) {
      fill(this.list, h("li", { class: "room-none" }, explain(answer)));
      return;
    }
    fill(this.list, ...answer.rooms.map((room) => this.row(room)));
    if (query && !answer.rooms.some((r) => r.name.toLowerCase() === query.toLowerCase())) {
      this.list.append(
        h(
          "li",
          { class: "room-none" },
          answer.rooms.length === 0 && h("p", null, t.noRoomFound(query)),
          button("plain", { onclick: () => this.compose(query) }, icon("plus"), t.createNamed(query.replace(/\s+/g, "-"))),
        ),
      );
    }
  }

  private row(room: Listing): HTMLElement {
    const mine = this.chat.state.rooms.has(room.id);
    return h(
      "li",
      { class: "room-row", hue: roomHue(room) },
      h("span", { class: "room-sign" }, icon("hash")),
      h(
        "div",
        { class: "room-about" },
        h("strong", null, room.name),
        h("span", null, t.memberCount(room.members) + (room.topic ? " · " + room.topic : "")),
      ),
      button(mine ? "quiet" : "plain", { onclick: () => void this.enter(room.id), "aria-label": `${mine ? t.openRoom : t.joinRoom} #${room.name}` }, mine ? t.openRoom : t.joinRoom),
    );
  }

  private async enter(id: number): Promise<void> {
    if (this.chat.state.rooms.has(id)) {
      this.shell.app.go(id);
    } else {
      const failure = await this.chat.joinRoom(id);
      if (failure) {
        this.shell.toasts.fail(failure);
        return;
      }
    }
    this.dialog.close();
    this.shell.composer.focus();
  }

  /** Shows the form for a new room, or the list again. */
  private compose(name: string | undefined): void {
    this.form.hidden = name === undefined;
    this.browse.hidden = name !== undefined;
    this.dialog.el.querySelector("h2")!.textContent = name === undefined ? t.browseRooms : t.createRoom;
    if (name === undefined) {
      this.search.focus();
      return;
    }
    this.name.input.value = name;
    this.name.input.focus();
  }

  private async create(e: Event): Promise<void> {
    e.preventDefault();
    const failure = await this.chat.createRoom(this.name.input.value, this.topic.input.value);
    if (!failure) {
      this.dialog.close();
      this.shell.composer.focus();
      return;
    }
    const field = failure.code === "topic_long" ? this.topic : this.name;
    field.fail(explain(failure));
    field.input.focus();
  }
}
