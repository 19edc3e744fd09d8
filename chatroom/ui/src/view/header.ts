// The top of a room: what it is called, what it is about, who is in it.

import { fill, h } from "../dom/h";
import { icon } from "../dom/icons";
import { t } from "../i18n";
import type { Chat } from "../model/chat";
import { titleOf } from "../model/state";
import { backToList } from "../route";
import { avatar } from "./avatar";
import { iconButton } from "./controls";
import type { Shell } from "./shell";
import { presence } from "./sidebar";

export class Header {
  readonly root = h("header", { class: "room-head" });
  private look = "";

  constructor(
    private chat: Chat,
    private shell: Shell,
  ) {}

  draw(): void {
    const { state } = this.chat;
    const rs = state.current();
    const here = !!rs?.room.peer && state.here.has(rs.room.peer.id);
    const count = rs?.members?.filter((m) => state.here.has(m.id)).length;
    const look = [rs?.room.id, rs && titleOf(rs.room), rs?.room.topic, here, count, this.shell.panelShown].join("\n");
    if (look === this.look) return;
    this.look = look;
    this.root.hidden = !rs;
    if (!rs) return;
    const { room } = rs;
    const shown = this.shell.panelShown;
    fill(
      this.root,
      iconButton("back", t.back, backToList, { class: "icon-button only-phone" }),
      room.peer ? h("span", { class: "face" }, avatar(room.peer, "s"), presence(here)) : h("span", { class: "room-sign" }, icon("hash")),
      h(
        "div",
        { class: "room-title" },
        h("h1", null, titleOf(room)),
        room.peer
          ? h("p", null, here ? t.online : t.away)
          : room.topic
            ? h("p", { title: room.topic }, room.topic)
            : null,
      ),
      room.kind === "public" &&
        h(
          "button",
          {
            type: "button",
            class: "icon-button counted",
            "aria-label": (shown ? t.hideMembers : t.showMembers) + (count ? `: ${count}` : ""),
            title: shown ? t.hideMembers : t.showMembers,
            "aria-expanded": String(shown),
            "aria-controls": "panel",
            onclick: () => this.shell.showPanel(!shown),
          },
          icon("people"),
          count ? h("span", null, String(count)) : null,
        ),
    );
  }
}
