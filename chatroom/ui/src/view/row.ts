// The elements of the list of messages.

import { Child, h } from "../dom/h";
import { icon } from "../dom/icons";
import type { Item } from "../dom/list";
import { names, t } from "../i18n";
import type { Chat } from "../model/chat";
import { Notice, Outgoing, RoomState, titleOf } from "../model/state";
import { linkified } from "../text/links";
import type { Message } from "../wire";
import { isEmoji, languageOf } from "../text/script";
import { clock, dayName, dayOf, moment } from "../text/time";
import { avatar } from "./avatar";
import type { Entry } from "./items";
import type { Shell } from "./shell";

export class Rows {
  constructor(
    private chat: Chat,
    private shell: Shell,
  ) {}

  item(rs: RoomState, entry: Entry): Item {
    switch (entry.kind) {
      case "start":
        return { key: "start", look: titleOf(rs.room) + rs.room.topic, make: () => start(rs) };
      case "edge":
        return this.edge(rs, entry.way);
      case "day":
        return { key: "day" + dayOf(entry.ts), look: dayName(entry.ts), make: () => line("day", dayName(entry.ts)) };
      case "new":
        return { key: "new", look: "", make: () => line("new", t.newMessages) };
      case "notices": {
        const text = say(entry.notices);
        return { key: "notice" + entry.key, look: text, make: () => h("div", { class: "notice", role: "listitem" }, text) };
      }
      case "message":
        return this.message(entry.message, entry.head);
      case "pending":
        return this.pending(entry.pending, entry.head, entry.last);
    }
  }

  private message(m: Message, head: boolean): Item {
    const name = this.chat.state.nameOf(m.user);
    return {
      // One key from the moment it was typed: the element stays when the server has taken the message.
      key: m.cid && m.user === this.chat.state.me.id ? "c" + m.cid : "m" + m.id,
      look: [head, name, m.body, m.ts].join("\n"),
      make: () => this.row(m.user, m.ts, m.body, head, "", null, { "data-seq": m.seq }),
    };
  }

  private pending(o: Outgoing, head: boolean, last: boolean): Item {
    const wait = Math.ceil(((o.retryAt ?? 0) - Date.now()) / 1000);
    // A message that is sent at once should not blink: what is on its way looks the same until it takes long.
    const late = Date.now() - o.ts > 1500 || this.chat.state.link.phase !== "connected";
    return {
      key: "c" + o.cid,
      look: [head, last, o.state, o.code, wait > 0 ? wait : 0, late].join("\n"),
      make: () => {
        const bad = o.state === "failed" || o.state === "unsure";
        const status = bad ? this.problem(o) : last ? this.progress(o, wait, late) : null;
        return this.row(this.chat.state.me.id, o.ts, o.body, head, bad ? "failed" : late ? "late" : "pending", status);
      },
    };
  }

  private problem(o: Outgoing): Child {
    const action = (text: string, onclick: () => void) => h("button", { type: "button", class: "link", onclick }, text);
    const why = o.state === "unsure" ? t.notConfirmed : t.notSent + (o.code ? ": " + t.errors[o.code] : "");
    return h(
      "div",
      { class: "status bad" },
      icon("alert"),
      h("span", null, why),
      action(t.retry, () => this.chat.messages.outbox.retry(o.cid)),
      action(t.copy, () => void this.copy(o.body)),
      action(t.discard, () => this.chat.messages.outbox.discard(o.cid)),
    );
  }

  private progress(o: Outgoing, wait: number, late: boolean): Child {
    if (wait > 0) return h("div", { class: "status" }, icon("clock"), h("span", null, t.sendingAgain(wait)));
    if (!late) return null;
    return h("div", { class: "status" }, icon("clock"), h("span", null, o.state === "sending" ? t.sending : t.queued));
  }

  private async copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.shell.toasts.say(t.copied);
    } catch {
      // Without HTTPS a browser has no clipboard; the text can be selected.
    }
  }

  private row(user: number, ts: number, body: string, head: boolean, state: string, status: Child, more: object = {}): HTMLElement {
    const { state: all } = this.chat;
    const name = all.nameOf(user);
    const mine = user === all.me.id;
    const open = () => void this.shell.message(user);
    const time = h("time", { datetime: new Date(ts).toISOString(), title: moment(ts) }, clock(ts));
    return h(
      "div",
      { class: ["row", head && "head", mine && "mine", state].filter(Boolean).join(" "), role: "listitem", tabindex: -1, ...more },
      h("div", { class: "gutter" }, head ? avatar({ id: user, name }, "m") : time),
      h(
        "div",
        { class: "said" },
        head &&
          h(
            "div",
            { class: "by" },
            mine ? h("strong", null, name) : h("button", { type: "button", class: "author", title: t.messagePerson(name), onclick: open }, name),
            time,
          ),
        h("div", { class: "body" + (isEmoji(body) ? " emoji" : ""), dir: "auto", lang: languageOf(body, t.locale.slice(0, 2)) }, ...linkified(body)),
        status,
      ),
    );
  }

  private edge(rs: RoomState, way: "older" | "newer"): Item {
    const failed = rs.failed === way;
    return {
      key: "edge-" + way,
      look: String(failed),
      make: () =>
        h(
          "div",
          { class: "edge", role: "listitem" },
          failed
            ? h("span", null, way === "older" ? t.noOlder : t.noNewer, " ", h("button", { type: "button", class: "link", onclick: () => void this.chat.messages.loadMore(rs, way) }, t.retry))
            : h("span", { class: "spinner small" }),
        ),
    };
  }
}

function line(kind: "day" | "new", text: string): HTMLElement {
  return h("div", { class: "line " + kind, role: "listitem" }, h("span", null, text));
}

/** The beginning of a room: what it is, before anything was said. */
function start(rs: RoomState): HTMLElement {
  const { room } = rs;
  const name = titleOf(room);
  return h(
    "div",
    { class: "start", role: "listitem" },
    room.peer ? avatar(room.peer, "l") : h("span", { class: "start-sign" }, icon("hash")),
    h("h2", null, room.peer ? t.directStart(name) : t.roomStart(name)),
    h("p", null, room.peer && icon("lock"), room.peer ? t.directStartLead(name) : room.topic || t.roomStartLead),
  );
}

/** "Ann and Bo came in · Cy left". Who came and left, or left and came back, is said once: what was last. */
function say(notices: Notice[]): string {
  const last = new Map<string, Notice>();
  for (const n of notices) {
    last.delete(n.name);
    last.set(n.name, n);
  }
  const groups: { kind: Notice["kind"]; people: string[] }[] = [];
  for (const n of last.values()) {
    const group = groups.at(-1);
    if (group?.kind === n.kind) group.people.push(n.name);
    else groups.push({ kind: n.kind, people: [n.name] });
  }
  const text = { came: t.came, left: t.left, joined: t.joinedRoom, parted: t.leftRoom };
  return groups.map((g) => text[g.kind](names(g.people))).join(" · ");
}
