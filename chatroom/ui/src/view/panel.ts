// Beside a room: its members, and the way out.

import { h, setText } from "../dom/h";
import { icon } from "../dom/icons";
import { Item, KeyedList } from "../dom/list";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import type { User } from "../wire";
import { avatar } from "./avatar";
import { button, iconButton } from "./controls";
import { confirm } from "./dialog";
import type { Shell } from "./shell";
import { presence } from "./sidebar";

export class Panel {
  readonly root: HTMLElement;
  private here = new KeyedList(h("ul"));
  private away = new KeyedList(h("ul"));
  private hereTitle = h("h2");
  private awayTitle = h("h2");
  private awaySection: HTMLElement;
  private leave = button("quiet", { onclick: () => void this.ask() }, icon("leave"), t.leaveRoom);

  constructor(
    private chat: Chat,
    private shell: Shell,
  ) {
    this.awaySection = h("section", null, this.awayTitle, this.away.parent);
    this.root = h(
      "aside",
      { class: "panel", id: "panel", "aria-label": t.members },
      h("div", { class: "panel-head" }, h("strong", null, t.members), iconButton("close", t.close, () => shell.showPanel(false))),
      h("div", { class: "panel-scroll" }, h("section", null, this.hereTitle, this.here.parent), this.awaySection),
      h("div", { class: "panel-foot" }, this.leave),
    );
  }

  draw(): void {
    const { state } = this.chat;
    const rs = state.current();
    const open = this.shell.panelShown && rs?.room.kind === "public";
    this.root.hidden = !open;
    if (!open) return;
    const members = rs.members ?? [];
    const here = members.filter((m) => state.here.has(m.id));
    const away = members.filter((m) => !state.here.has(m.id));
    setText(this.hereTitle, t.membersHere(here.length));
    setText(this.awayTitle, t.membersAway(away.length));
    this.here.update(here.map((m) => this.member(m, true)));
    this.away.update(away.map((m) => this.member(m, false)));
    this.hereTitle.hidden = !rs.members; // not known yet
    this.awaySection.hidden = away.length === 0;
  }

  private member(user: User, here: boolean): Item {
    const me = user.id === this.chat.state.me.id;
    const inside = () => [
      h("span", { class: "face" }, avatar(user, "s"), presence(here)),
      h("span", { class: "entry-name" }, user.name),
      me ? h("span", { class: "tag" }, t.you) : null,
    ];
    return {
      key: String(user.id),
      look: user.name + here,
      make: () =>
        h(
          "li",
          null,
          me
            ? h("div", { class: "entry" }, ...inside())
            : h(
                "button",
                { type: "button", class: "entry", title: t.messagePerson(user.name), onclick: () => void this.shell.message(user.id) },
                ...inside(),
              ),
        ),
    };
  }

  private async ask(): Promise<void> {
    const rs = this.chat.state.current();
    if (!rs || !(await confirm(t.leaveRoomAsk(rs.room.name ?? ""), t.leaveRoom))) return;
    const failure = await this.chat.leaveRoom(rs.room.id);
    if (failure) this.shell.toasts.fail(failure);
  }
}
