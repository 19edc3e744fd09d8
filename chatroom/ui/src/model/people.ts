// Who is here, who is in which room, who comes, goes and types.

import type { User } from "../wire";
import type { Link } from "./link";
import type { NoticeKind, RoomState, State } from "./state";

const typingEvery = 3000;
const typingFor = 6000;
const maxNotices = 50;

export class People {
  private typedAt = 0;
  private typedIn = 0;

  constructor(
    private state: State,
    private link: Link,
  ) {
    link.on("member:join", ({ user, quiet }) => this.came(user, !!quiet));
    link.on("member:leave", ({ user }) => this.wentAway(user));
    link.on("member:gone", ({ user }) => this.gone(user));
    link.on("room:join", ({ room, user }) => this.memberChange(room, user, "joined"));
    link.on("room:leave", ({ room, user }) => this.memberChange(room, user, "parted"));
    link.on("typing", ({ room, user, on }) => this.types(room, user, on));
  }

  /** Takes the server's list of who is here. */
  set({ count, people }: { count: number; people: User[] }): void {
    this.state.know(people);
    this.state.here = new Set(people.map((u) => u.id));
    this.state.hereCount = count;
  }

  async loadMembers(rs: RoomState): Promise<void> {
    if (rs.room.kind !== "public") return;
    const answer = await this.link.ask("room:members", { room: rs.room.id });
    if (!answer.ok) return;
    this.state.know(answer.people);
    rs.members = answer.people.sort(byName);
    for (const id of answer.here) this.state.here.add(id);
    this.state.changed();
  }

  /** I typed something into the composer. */
  typed(rs: RoomState): void {
    const now = Date.now();
    if (this.typedIn === rs.room.id && now - this.typedAt < typingEvery) return;
    this.typedIn = rs.room.id;
    this.typedAt = now;
    this.link.hint("typing", { room: rs.room.id, on: true });
  }

  stopTyping(rs: RoomState): void {
    if (this.typedIn === rs.room.id && Date.now() - this.typedAt < typingFor) {
      this.link.hint("typing", { room: rs.room.id, on: false });
    }
    this.typedIn = 0;
  }

  private came(user: User, quiet: boolean): void {
    const { state } = this;
    state.know([user]);
    if (state.here.has(user.id)) return;
    state.here.add(user.id);
    state.hereCount++;
    if (!quiet) this.say(user, "came");
    state.changed();
  }

  private wentAway(id: number): void {
    const { state } = this;
    if (!state.here.delete(id)) return;
    state.hereCount--;
    this.say({ id, name: state.nameOf(id) }, "left");
    for (const rs of state.rooms.values()) rs.typing.delete(id);
    state.changed();
  }

  /** Somebody has signed out, and is nobody's member any more. */
  private gone(id: number): void {
    this.wentAway(id);
    for (const rs of this.state.rooms.values()) rs.members = rs.members?.filter((m) => m.id !== id);
    this.state.changed();
  }

  private memberChange(room: number, user: User, kind: "joined" | "parted"): void {
    const rs = this.state.rooms.get(room);
    if (!rs) return;
    this.state.know([user]);
    if (rs.members) {
      const others = rs.members.filter((m) => m.id !== user.id);
      rs.members = kind === "joined" ? [...others, user].sort(byName) : others;
    }
    if (user.id !== this.state.me.id) this.note(rs, user, kind);
    this.state.changed();
  }

  /** Says in the open room that somebody came or left, if it is theirs too. */
  private say(user: User, kind: "came" | "left"): void {
    const rs = this.state.current();
    if (!rs || user.id === this.state.me.id) return;
    const theirs = rs.room.peer ? rs.room.peer.id === user.id : rs.members?.some((m) => m.id === user.id);
    const newcomer = kind === "came" && rs.notices.some((n) => n.kind === "joined" && n.name === user.name);
    if (theirs && !newcomer) this.note(rs, user, kind);
  }

  private note(rs: RoomState, user: User, kind: NoticeKind): void {
    rs.notices.push({ kind, name: user.name, ts: Date.now(), after: rs.room.seq });
    if (rs.notices.length > maxNotices) rs.notices.shift();
  }

  /** Somebody types. Without another word that ends by itself. */
  private types(room: number, user: number, on: boolean): void {
    const rs = this.state.rooms.get(room);
    if (!rs || user === this.state.me.id) return;
    if (on) {
      rs.typing.set(user, Date.now() + typingFor);
      window.setTimeout(this.state.changed, typingFor + 50);
    } else {
      rs.typing.delete(user);
    }
    this.state.changed();
  }
}

function byName(a: User, b: User): number {
  return a.name.localeCompare(b.name);
}
