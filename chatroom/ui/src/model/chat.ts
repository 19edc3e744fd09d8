// The chat as views see it: what people can do, and the rooms as the server tells of them.

import { recall, remember } from "../prefs";
import type { Failure } from "../protocol";
import type { Hello, Room, User } from "../wire";
import * as api from "./api";
import { Link } from "./link";
import { Messages } from "./messages";
import { People } from "./people";
import { Reading } from "./reading";
import { newRoomState, RoomState, State } from "./state";

const firstWait = 500;
const longestWait = 10_000;

export class Chat {
  readonly state = new State();
  readonly link: Link;
  readonly reading: Reading;
  readonly people: People;
  readonly messages: Messages;
  /** Called when a room was entered: the address follows. */
  onEnter = (_room: number) => {};
  /** Called when the rooms are known and none of them is open: the address decides. */
  onLost = () => {};

  constructor() {
    const { state } = this;
    this.link = new Link(state.link, {
      changed: state.changed,
      stranger: () => this.showJoin(true),
      expelled: () => void this.resume(),
    });
    this.reading = new Reading(state, this.link);
    this.people = new People(state, this.link);
    this.messages = new Messages(state, this.link, this.reading, (room) => void this.fetchRoom(room));
    this.link.on("hello", (h) => this.hello(h));
    this.link.on("room:add", ({ room }) => this.add(room));
    this.link.on("room:remove", ({ room }) => this.remove(room));
    this.link.on("read", ({ room, seq }) => {
      const rs = state.rooms.get(room);
      if (rs) this.reading.known(rs, seq);
      state.changed();
    });
  }

  // Coming and going.

  /** Finds out who this is: somebody who was here before, or a newcomer. */
  async resume(): Promise<void> {
    this.link.stop();
    for (let wait = firstWait; ; wait = Math.min(2 * wait, longestWait)) {
      const session = await api.whoAmI();
      if (session.ok) {
        if (session.user) this.enter(session.user);
        else this.showJoin(this.state.screen === "chat");
        return;
      }
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  async signIn(name: string): Promise<Failure | undefined> {
    const session = await api.signIn(name.normalize("NFKC"));
    if (!session.ok) return session;
    this.enter(session.user!);
    return undefined;
  }

  async signOut(): Promise<Failure | undefined> {
    const session = await api.signOut();
    if (!session.ok) return session;
    this.link.stop();
    this.showJoin(false);
    return undefined;
  }

  private enter(me: User): void {
    const { state } = this;
    if (state.me.id !== me.id) state.forget();
    state.me = me;
    state.know([me]);
    state.signedOut = false;
    state.screen = "chat";
    this.messages.outbox.load();
    this.link.start();
    state.changed();
  }

  private showJoin(signedOut: boolean): void {
    this.state.signedOut = signedOut;
    this.state.screen = "join";
    this.state.changed();
  }

  // Rooms.

  private hello(h: Hello): void {
    const { state } = this;
    state.me = h.me;
    state.know([h.me]);
    state.isBuild(h.build);
    this.people.set(h.here);
    const missed: { [room: number]: number } = {};
    for (const room of h.rooms) {
      const rs = this.put(room);
      if (rs.loaded && rs.room.rev !== room.rev) missed[room.id] = rs.room.rev;
    }
    const listed = new Set(h.rooms.map((room) => room.id));
    for (const [id, rs] of state.rooms) {
      const silent = rs.room.kind === "direct" && rs.room.seq === 0; // hello does not name those
      if (!listed.has(id) && !silent) state.rooms.delete(id);
    }
    void this.messages.sync(missed);
    this.messages.outbox.reconnected();
    state.ready = true;
    const open = state.current();
    if (!open) this.onLost();
    else this.load(open);
    state.changed();
  }

  /** Takes what the server says about a room, but for the rev of messages that are loaded. */
  private put(room: Room): RoomState {
    if (room.peer) this.state.know([room.peer]);
    let rs = this.state.rooms.get(room.id);
    if (rs) {
      const { rev, read } = rs.room;
      rs.room = { ...room, rev: rs.loaded ? rev : room.rev, read };
      this.reading.known(rs, room.read);
    } else {
      rs = newRoomState(room);
      this.state.rooms.set(room.id, rs);
    }
    return rs;
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

  /** Asks for a room that hello did not name: a private one that is new, or old, or in which nothing was said yet. */
  async fetchRoom(id: number): Promise<boolean> {
    const answer = await this.link.ask("room:get", { room: id });
    if (answer.ok) this.add(answer.room);
    return answer.ok;
  }

  /** The room to begin with: the last one. */
  startRoom(): number | undefined {
    const last = Number(recall("room." + this.state.me.id));
    return this.state.rooms.has(last) ? last : this.state.rooms.keys().next().value;
  }

  /** Puts a room on the screen; none for the list of rooms on a phone. */
  open(id: number | undefined): void {
    const { state } = this;
    if (state.open === id) return;
    const before = state.current();
    if (before) before.divider = undefined;
    state.open = id;
    this.reading.atEnd = true;
    const rs = state.current();
    if (rs) {
      remember("room." + state.me.id, String(id));
      if (state.unread(rs) > 0) rs.divider = rs.room.read;
      rs.jump++;
      if (rs.newer) this.messages.restart(rs);
      this.load(rs);
      this.reading.look();
    }
    state.changed();
  }

  private load(rs: RoomState): void {
    if (!rs.loaded) void this.messages.loadFirst(rs);
    void this.people.loadMembers(rs);
  }

  listRooms(query: string) {
    return this.link.ask("room:list", { query: query.normalize("NFKC") });
  }

  async createRoom(name: string, topic: string): Promise<Failure | undefined> {
    return this.entered(await this.link.ask("room:create", { name: name.normalize("NFKC"), topic }));
  }

  async joinRoom(id: number): Promise<Failure | undefined> {
    return this.entered(await this.link.ask("room:join", { room: id }));
  }

  async leaveRoom(id: number): Promise<Failure | undefined> {
    const answer = await this.link.ask("room:leave", { room: id });
    if (!answer.ok) return answer;
    this.remove(id);
    return undefined;
  }

  /** Opens the private room with a person. */
  async openDirect(user: number): Promise<Failure | undefined> {
    for (const rs of this.state.rooms.values()) {
      if (rs.room.peer?.id === user) {
        this.onEnter(rs.room.id);
        return undefined;
      }
    }
    return this.entered(await this.link.ask("room:direct", { user }));
  }

  private entered(answer: { ok: true; room: Room } | Failure): Failure | undefined {
    if (!answer.ok) return answer;
    this.add(answer.room);
    this.onEnter(answer.room.id);
    return undefined;
  }

  // In a room.

  send(rs: RoomState, body: string): void {
    rs.divider = undefined;
    this.messages.outbox.add(rs.room.id, body);
    this.people.stopTyping(rs);
    this.toPresent(rs);
  }

  /** Goes to the newest messages, whatever is loaded. */
  toPresent(rs: RoomState): void {
    if (rs.newer) this.messages.restart(rs);
    rs.jump++;
    this.state.changed();
  }

  /** Marks a room as read, wherever the reader is, and goes to its end. */
  markRead(rs: RoomState): void {
    rs.divider = undefined;
    this.reading.mark(rs);
    this.toPresent(rs);
  }
}
