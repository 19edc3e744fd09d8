// The list of rooms, of private rooms, and of who is here.

import { h, setText } from "../dom/h";
import { icon } from "../dom/icons";
import { Item, KeyedList } from "../dom/list";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { RoomState, titleOf } from "../model/state";
import { address } from "../route";
import { avatar } from "./avatar";
import { iconButton } from "./controls";
import { logo } from "./logo";
import { roomHue, type Shell } from "./shell";

const maxPeople = 100;

export class Sidebar {
  readonly root: HTMLElement;
  private rooms = new KeyedList(h("ul"));
  private direct = new KeyedList(h("ul"));
  private people = new KeyedList(h("ul"));
  private directSection: HTMLElement;
  private peopleSection: HTMLElement;
  private peopleCount = h("span", { class: "count" });
  private me = h("div", { class: "me" });

  constructor(
    private chat: Chat,
    private shell: Shell,
  ) {
    const section = (title: string, list: HTMLElement, ...more: Node[]) =>
      h("section", null, h("div", { class: "side-head" }, h("h2", null, title), ...more), list);
    this.directSection = section(t.direct, this.direct.parent);
    this.peopleSection = section(t.people, this.people.parent, this.peopleCount);
    this.peopleSection.className = "side-people";
    this.root = h(
      "nav",
      { class: "side", "aria-label": t.roomList },
      h("div", { class: "side-top" }, logo(), h("strong", null, t.brand)),
      h(
        "div",
        { class: "side-scroll" },
        section(t.rooms, this.rooms.parent, iconButton("plus", t.browseRooms, () => shell.browseRooms(), { class: "icon-button small" })),
        this.directSection,
        this.peopleSection,
      ),
      this.me,
    );
  }

  draw(): void {
    const { state } = this.chat;
    const all = [...state.rooms.values()];
    const rooms = all.filter((rs) => rs.room.kind === "public").sort((a, b) => titleOf(a.room).localeCompare(titleOf(b.room)));
    const direct = all.filter((rs) => rs.room.kind === "direct").sort((a, b) => b.room.active - a.room.active || b.room.id - a.room.id);
    this.rooms.update(rooms.map((rs) => this.entry(rs)));
    this.direct.update(direct.map((rs) => this.entry(rs)));
    this.directSection.hidden = direct.length === 0;

    const known = new Set(direct.map((rs) => rs.room.peer?.id));
    const people = [...state.here]
      .filter((id) => id !== state.me.id && !known.has(id))
      .map((id) => ({ id, name: state.nameOf(id) }))
      .sort((a, b) => a.name.localeCompare(b.name))
      .slice(0, maxPeople);
    this.people.update(people.map((user) => this.person(user)));
    this.peopleSection.hidden = people.length === 0;
    setText(this.peopleCount, String(state.hereCount));
    this.drawMe();
  }

  private entry(rs: RoomState): Item {
    const { state } = this.chat;
    const { room } = rs;
    const open = state.open === room.id;
    const unread = open && this.chat.reading.atEnd && document.hasFocus() ? 0 : state.unread(rs);
    const here = !!room.peer && state.here.has(room.peer.id);
    const name = titleOf(room);
    const draft = !open && this.shell.composer?.draftOf(room.id) ? "draft" : "";
    return {
      key: String(room.id),
      look: [name, open, unread, here, draft].join("\n"),
      make: () =>
        h(
          "li",
          null,
          h(
            "a",
            {
              class: "entry" + (open ? " open" : "") + (unread ? " unread" : ""),
              href: address(room.id),
              hue: roomHue(room),
              "aria-current": open && "page",
              "data-room": room.id,
              onclick: (e) => this.follow(e, room.id),
            },
            room.peer ? h("span", { class: "face" }, avatar(room.peer, "s"), presence(here)) : icon("hash"),
            h("span", { class: "entry-name" }, name),
            draft && h("span", { class: "draft", "aria-hidden": "true" }, "✎"),
            unread > 0 && h("span", { class: "badge", "aria-label": t.unread(unread) }, unread > 99 ? "99+" : String(unread)),
          ),
        ),
    };
  }

  private person(user: { id: number; name: string }): Item {
    return {
      key: String(user.id),
      look: user.name,
      make: () =>
        h(
          "li",
          null,
          h(
            "button",
            { type: "button", class: "entry", title: t.messagePerson(user.name), onclick: () => void this.shell.message(user.id) },
            h("span", { class: "face" }, avatar(user, "s"), presence(true)),
            h("span", { class: "entry-name" }, user.name),
          ),
        ),
    };
  }

  private follow(e: MouseEvent, room: number): void {
    if (e.metaKey || e.ctrlKey || e.shiftKey) return; // another tab or window
    e.preventDefault();
    this.shell.app.go(room);
    this.shell.composer.focus();
  }

  private drawMe(): void {
    const { me } = this.chat.state;
    if (this.me.dataset.me === me.name) return;
    this.me.dataset.me = me.name;
    this.me.replaceChildren(
      h("span", { class: "face" }, avatar(me, "s"), presence(true)),
      h("span", { class: "entry-name" }, me.name),
      iconButton("gear", t.settings, () => this.shell.settings()),
    );
  }
}

/** The dot at an avatar. It has a shape for each state, for those who do not see the colours. */
export function presence(here: boolean): HTMLElement {
  return h("span", { class: "presence" + (here ? " here" : ""), role: "img", "aria-label": here ? t.online : t.away });
}
