// What people can do, and what the server's events do to the state. Views call this and nothing below it.

import { chooseLanguage } from "../i18n";
import type { Hello, Message, Refusal, Requests, Room, User } from "../protocol";
import { limits } from "../protocol";
import { recall, remember } from "../prefs";
import * as api from "./api";
import { Link, Lost } from "./link";
import { Outbox } from "./outbox";
import { newRoomState, NoticeKind, RoomState, State } from "./state";
import { begin, byName, catchUp, extend, noteTyping, prepend, receive } from "./window";

const typingEvery = 3000;
const typingFor = 6000;
const maxNotices = 50;
const readDelay = 200;

export type Failure = Refusal | { ok: false; code: "lost"; retryAfter?: number };

const lost: Failure = { ok: false, code: "lost" };

export class Chat {
  readonly state = new State();
  readonly link: Link;
  readonly outbox: Outbox;
  /** Told of each new message of somebody else, for the announcer. */
  onMessage = (_m: Message, _author: string) => {};
  /** Called when a room was entered: the address follows. */
  onEnter = (_room: number) => {};
  /** Called when the rooms are known and none of them is open: the address decides. */
  onLost = () => {};
  /** The rooms are known. */
  ready = false;
  /** Whether the reader sees the end of the list. The timeline sets it. */
  atEnd = true;

  private typedAt = 0;
  private typedIn = 0;
  private unreported = new Set<RoomState>();

  constructor() {
    this.link = new Link(this.state.link, {
      changed: this.state.changed,
      stranger: () => this.showJoin(true),
      expelled: () => void this.resume(),
    });
    this.outbox = new Outbox(this.state, this.link, (m) => this.mine(m));
    const { link } = this;
    link.on("hello", (h) => this.hello(h));
    link.on("msg:new", (m) => this.arrived(m.message, m.user));
    link.on("member:join", ({ user, quiet }) => this.came(user, !!quiet));
    link.on("member:leave", ({ user }) => this.wentAway(user));
    link.on("member:gone", ({ user }) => this.gone(user));
    link.on("room:add", ({ room }) => this.add(room));
    link.on("room:remove", ({ room }) => this.remove(room));
    link.on("room:join", ({ room, user }) => this.memberChange(room, user, "joined"));
    link.on("room:leave", ({ room, user }) => this.memberChange(room, user, "parted"));
    link.on("read", ({ room, seq }) => this.readElsewhere(room, seq));
    link.on("typing", ({ room, user, on }) => this.typing(room, user, on));
    const look = () => this.look();
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
  }

  // Coming and going.

  /** Finds out who this is: somebody who was here before, or a newcomer. */
  async resume(): Promise<void> {
    chooseLanguage();
    this.link.stop();
    for (let delay = 500; ; delay = Math.min(2 * delay, 10_000)) {
      try {
        const session = await api.whoAmI();
        if (session.ok && session.user) this.enter(session.user);
        else this.showJoin(this.state.screen === "chat");
        return;
      } catch {
        await new Promise((done) => setTimeout(done, delay));
      }
    }
  }

  async signIn(name: string): Promise<Failure | undefined> {
    try {
      const session = await api.signIn(name.normalize("NFKC"));
      if (!session.ok) return session;
      this.enter(session.user!);
      return undefined;
    } catch {
      return lost;
    }
  }

  async signOut(): Promise<void> {
    try {
      await api.signOut();
    } catch {
      return;
    }
    this.link.stop();
    this.showJoin(false);
  }

  private enter(me: User): void {
    const { state } = this;
    if (state.me.id !== me.id) {
      state.rooms.clear();
      state.outbox = [];
      state.open = undefined;
      this.ready = false;
    }
    state.me = me;
    state.know([me]);
    state.signedOut = false;
    state.screen = "chat";
    this.outbox.load();
    this.link.start();
    state.changed();
  }

  private showJoin(signedOut: boolean): void {
    this.state.signedOut = signedOut;
    this.state.screen = "join";
    this.state.changed();
  }

  // What the server says.

  private hello(h: Hello): void {
    const { state } = this;
    state.me = h.me;
    state.know([h.me, ...h.here.people]);
    state.here = new Set(h.here.people.map((u) => u.id));
    state.hereCount = h.here.count;
    const build = document.documentElement.dataset.build;
    if (build && build !== h.build) state.outdated = true;
    document.documentElement.dataset.build = build ?? h.build;

    const missed: { [room: number]: number } = {};
    const listed = new Set<number>();
    for (const room of h.rooms) {
      listed.add(room.id);
      const rs = this.put(room);
      if (rs.loaded && rs.room.rev !== room.rev) missed[room.id] = rs.room.rev;
    }
    for (const [id, rs] of state.rooms) {
      const silent = rs.room.kind === "direct" && rs.room.seq === 0;
      if (!listed.has(id) && !silent) state.rooms.delete(id);
    }
    void this.sync(missed);
    this.outbox.reconnected();
    const open = state.current();
    if (open && !open.loaded) void this.loadFirst(open);
    if (open) void this.loadMembers(open);
    this.ready = true;
    if (!open) this.onLost();
    state.changed();
  }

  /** Takes what the server says about a room, but for the rev of messages that are loaded. */
  private put(room: Room): RoomState {
    if (room.peer) this.state.know([room.peer]);
    const rs = this.state.rooms.get(room.id);
    if (!rs) {
      const fresh = newRoomState(room);
      this.state.rooms.set(room.id, fresh);
      return fresh;
    }
    rs.room = { ...room, rev: rs.loaded ? rs.room.rev : room.rev };
    return rs;
  }

  /** The room to begin with. */
  startRoom(): number | undefined {
    const last = Number(recall("room." + this.state.me.id));
    return this.state.rooms.has(last) ? last : this.state.rooms.keys().next().value;
  }

  private async sync(missed: { [room: number]: number }): Promise<void> {
    const ids = Object.keys(missed).map(Number);
    if (ids.length === 0) return;
    for (const id of ids) this.hold(id, true);
    try {
      const answer = await this.link.ask("sync", { rooms: missed });
      if (!answer.ok) return this.later(answer, () => void this.sync(missed));
      this.state.know(answer.users);
      for (const d of answer.rooms) {
        const rs = this.state.rooms.get(d.room);
        if (!rs) continue;
        if (d.gone) this.state.rooms.delete(d.room);
        else if (d.reset) this.restart(rs);
        else {
          catchUp(rs, d.messages);
          for (const m of d.messages) this.settle(rs, m);
        }
      }
    } catch (err) {
      if (!(err instanceof Lost)) throw err; // the next hello asks again
    }
    for (const id of ids) this.hold(id, false);
    this.look();
    this.state.changed();
  }

  /** Asks again when the server says so. */
  private later(refusal: Refusal, fn: () => void): void {
    window.setTimeout(fn, (refusal.retryAfter ?? 2) * 1000);
  }

  /** While something is under way that changes a room as a whole, its new messages wait. */
  private hold(id: number, on: boolean): void {
    const rs = this.state.rooms.get(id);
    if (!rs) return;
    rs.holding = on;
    if (on) return;
    const held = rs.held;
    rs.held = [];
    for (const { message, user } of held) this.arrived(message, user);
  }

  private arrived(m: Message, author: User): void {
    this.state.know([author]);
    const rs = this.state.rooms.get(m.room);
    if (!rs) {
      void this.fetchRoom(m.room);
      return;
    }
    if (rs.holding) {
      rs.held.push({ message: m, user: author });
      return;
    }
    this.apply(rs, m);
  }

  private apply(rs: RoomState, m: Message): void {
    const unseen = this.state.unread(rs) === 0 && rs.divider === undefined && !this.watching(rs);
    const outcome = receive(rs, m, this.atEnd || this.state.current() !== rs);
    if (outcome === "gap") {
      if (rs.loaded) void this.sync({ [m.room]: rs.room.rev });
      else void this.fetchRoom(m.room);
      return;
    }
    this.settle(rs, m);
    if (outcome === "applied" && m.user !== this.state.me.id) {
      if (unseen && this.state.current() === rs) rs.divider = rs.room.read;
      rs.typing.delete(m.user);
      this.onMessage(m, this.state.nameOf(m.user));
    }
    this.look();
    this.state.changed();
  }

  /** What a message of my own brings with it, wherever it was sent. */
  private settle(rs: RoomState, m: Message): void {
    if (m.user !== this.state.me.id) return;
    rs.room.read = Math.max(rs.room.read, m.seq);
    this.outbox.settled(m.cid);
  }

  /** The server has my message. */
  private mine(m: Message): void {
    const rs = this.state.rooms.get(m.room);
    if (rs?.holding) {
      rs.held.push({ message: m, user: this.state.me });
    } else if (rs) {
      this.apply(rs, m);
    }
    this.outbox.settled(m.cid);
  }

  /** A message came in a room that is not known here: a private one, most likely. */
  private async fetchRoom(id: number): Promise<void> {
    const answer = await this.ask("room:get", { room: id });
    if (answer.ok) this.add(answer.room);
  }

  private add(room: Room): void {
    this.put(room);
    this.state.changed();
  }

  private remove(id: number): void {
    this.state.rooms.delete(id);
    if (this.state.open === id) this.onLost();
    this.state.changed();
  }

  private came(user: User, quiet: boolean): void {
    const { state } = this;
    state.know([user]);
    if (state.here.has(user.id)) return;
    state.here.add(user.id);
    state.hereCount++;
    if (!quiet) this.noticeOf(user, "came");
    state.changed();
  }

  private wentAway(id: number): void {
    const { state } = this;
    if (!state.here.delete(id)) return;
    state.hereCount--;
    this.noticeOf({ id, name: state.nameOf(id) }, "left");
    for (const rs of state.rooms.values()) rs.typing.delete(id);
    state.changed();
  }

  private gone(id: number): void {
    this.wentAway(id);
    for (const rs of this.state.rooms.values()) rs.members = rs.members?.filter((m) => m.id !== id);
  }

  private memberChange(room: number, user: User, kind: "joined" | "parted"): void {
    const rs = this.state.rooms.get(room);
    if (!rs) return;
    this.state.know([user]);
    if (rs.members) {
      rs.members = rs.members.filter((m) => m.id !== user.id);
      if (kind === "joined") rs.members = [...rs.members, user].sort(byName);
    }
    if (user.id !== this.state.me.id) this.notice(rs, user, kind);
    this.state.changed();
  }

  /** Says in the open room that somebody came or left, if it is theirs too. */
  private noticeOf(user: User, kind: "came" | "left"): void {
    const rs = this.state.current();
    if (!rs || user.id === this.state.me.id) return;
    const theirs = rs.room.peer ? rs.room.peer.id === user.id : rs.members?.some((m) => m.id === user.id);
    const newcomer = kind === "came" && rs.notices.some((n) => n.kind === "joined" && n.name === user.name);
    if (theirs && !newcomer) this.notice(rs, user, kind);
  }

  private notice(rs: RoomState, user: User, kind: NoticeKind): void {
    rs.notices.push({ kind, name: user.name, ts: Date.now(), after: rs.room.seq });
    if (rs.notices.length > maxNotices) rs.notices.shift();
  }

  private readElsewhere(room: number, seq: number): void {
    const rs = this.state.rooms.get(room);
    if (!rs) return;
    rs.room.read = Math.max(rs.room.read, seq);
    this.state.changed();
  }

  private typing(room: number, user: number, on: boolean): void {
    const rs = this.state.rooms.get(room);
    if (!rs || user === this.state.me.id) return;
    noteTyping(rs, user, on ? Date.now() + typingFor : 0);
    if (on) window.setTimeout(this.state.changed, typingFor + 50);
    this.state.changed();
  }

  // What people do.

  private async ask<E extends keyof Requests>(event: E, request: Requests[E][0]): Promise<Requests[E][1] | Failure> {
    try {
      return await this.link.ask(event, request);
    } catch (err) {
      if (err instanceof Lost) return lost;
      throw err;
    }
  }

  /** Puts a room on the screen; none for the list of rooms on a phone. */
  open(id: number | undefined): void {
    const { state } = this;
    if (state.open === id) return;
    const before = state.current();
    if (before) before.divider = undefined;
    state.open = id;
    this.atEnd = true;
    const rs = state.current();
    if (rs) {
      remember("room." + state.me.id, String(id));
      if (state.unread(rs) > 0) rs.divider = rs.room.read;
      rs.jump++;
      if (rs.newer) this.restart(rs);
      else if (!rs.loaded) void this.loadFirst(rs);
      void this.loadMembers(rs);
      this.look();
    }
    state.changed();
  }

  async loadFirst(rs: RoomState): Promise<void> {
    if (rs.loading) return;
    rs.loading = "first";
    rs.failed = undefined;
    rs.holding = true;
    const page = await this.ask("history", { room: rs.room.id, limit: limits.page });
    rs.loading = undefined;
    if (page.ok) {
      this.state.know(page.users);
      begin(rs, page);
      for (const m of page.messages) this.settle(rs, m);
      rs.jump++;
    } else {
      rs.failed = "first";
    }
    this.hold(rs.room.id, false);
    this.look();
    this.state.changed();
  }

  /** Loads the page before or after what is loaded. */
  async loadMore(rs: RoomState, way: "older" | "newer"): Promise<void> {
    if (rs.loading || rs.holding || !rs.loaded || !rs[way]) return;
    rs.loading = way;
    rs.failed = undefined;
    this.state.changed();
    const edge = way === "older" ? { before: rs.messages[0].seq } : { after: rs.messages.at(-1)!.seq };
    const page = await this.ask("history", { room: rs.room.id, ...edge, limit: limits.page });
    rs.loading = undefined;
    if (page.ok) {
      this.state.know(page.users);
      if (way === "older") prepend(rs, page);
      else extend(rs, page);
    } else {
      rs.failed = way;
    }
    this.state.changed();
  }

  /** Goes to the newest messages, whatever is loaded. */
  jumpToPresent(rs: RoomState): void {
    if (rs.newer) this.restart(rs);
    rs.jump++;
    this.state.changed();
  }

  private restart(rs: RoomState): void {
    rs.messages = [];
    rs.loaded = false;
    rs.older = rs.newer = false;
    rs.loading = undefined;
    if (this.state.current() === rs) void this.loadFirst(rs);
  }

  private async loadMembers(rs: RoomState): Promise<void> {
    if (rs.room.kind !== "public") return;
    const answer = await this.ask("room:members", { room: rs.room.id });
    if (!answer.ok) return;
    this.state.know(answer.people);
    rs.members = answer.people.sort(byName);
    for (const id of answer.here) this.state.here.add(id);
    this.state.changed();
  }

  send(rs: RoomState, body: string): void {
    rs.divider = undefined;
    this.outbox.add(rs.room.id, body);
    this.stopTyping(rs);
    this.jumpToPresent(rs);
  }

  /** Somebody typed something into the composer. */
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

  listRooms(query: string) {
    return this.ask("room:list", { query: query.normalize("NFKC") });
  }

  async createRoom(name: string, topic: string): Promise<Failure | undefined> {
    return this.entered(await this.ask("room:create", { name: name.normalize("NFKC"), topic }));
  }

  async joinRoom(id: number): Promise<Failure | undefined> {
    return this.entered(await this.ask("room:join", { room: id }));
  }

  async openDirect(user: number): Promise<Failure | undefined> {
    for (const rs of this.state.rooms.values()) {
      if (rs.room.peer?.id === user) {
        this.onEnter(rs.room.id);
        return undefined;
      }
    }
    return this.entered(await this.ask("room:direct", { user }));
  }

  private entered(answer: { ok: true; room: Room } | Failure): Failure | undefined {
    if (!answer.ok) return answer;
    this.add(answer.room);
    this.onEnter(answer.room.id);
    return undefined;
  }

  async leaveRoom(id: number): Promise<Failure | undefined> {
    const answer = await this.ask("room:leave", { room: id });
    if (!answer.ok) return answer;
    this.remove(id);
    return undefined;
  }

  // Reading.

  private watching(rs: RoomState): boolean {
    return this.state.current() === rs && this.atEnd && !document.hidden && document.hasFocus();
  }

  /** Marks the open room as read when the reader sees its end. */
  look(): void {
    const rs = this.state.current();
    if (rs && rs.loaded && !rs.newer && this.watching(rs)) this.markRead(rs);
  }

  markRead(rs: RoomState): void {
    if (this.state.unread(rs) === 0) return;
    rs.room.read = rs.room.seq;
    this.state.changed();
    if (this.unreported.size === 0) window.setTimeout(() => this.reportRead(), readDelay);
    this.unreported.add(rs);
  }

  /** Tells the server what was read, once for all messages of a burst. */
  private reportRead(): void {
    for (const rs of this.unreported) void this.ask("read", { room: rs.room.id, seq: rs.room.read });
    this.unreported.clear();
  }
}
