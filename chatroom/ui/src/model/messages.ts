// The way of messages into the rooms: as they come, page by page, and as the difference after a loss. While a page or a
// difference is under way, what comes is held back, so that nothing is missed between the two.

import { limits } from "../protocol";
import type { Message, User } from "../wire";
import type { Link } from "./link";
import { Outbox } from "./outbox";
import type { Reading } from "./reading";
import type { RoomState, State } from "./state";
import { begin, catchUp, extend, prepend, receive } from "./window";

export class Messages {
  readonly outbox: Outbox;
  /** Told of each new message of somebody else. */
  onMessage = (_m: Message, _author: string) => {};

  constructor(
    private state: State,
    private link: Link,
    private reading: Reading,
    /** A room that is not known here has something to say. */
    private unknown: (room: number) => void,
  ) {
    this.outbox = new Outbox(state, link, (m) => this.mine(m));
    link.on("msg:new", (m) => this.arrived(m.message, m.user));
  }

  /** Asks for the differences of rooms, each from the rev that is known here. */
  async sync(missed: { [room: number]: number }): Promise<void> {
    const ids = Object.keys(missed).map(Number);
    if (ids.length === 0) return;
    for (const id of ids) this.hold(id, true);
    const answer = await this.link.ask("sync", { rooms: missed });
    if (answer.ok) {
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
    } else if (answer.code !== "lost") {
      // The server says when to ask again; what comes meanwhile goes on waiting. After a loss the next hello asks.
      window.setTimeout(() => void this.sync(missed), (answer.retryAfter ?? 2) * 1000);
      return;
    }
    for (const id of ids) this.hold(id, false);
    this.reading.look();
    this.state.changed();
  }

  /** Loads the newest page. */
  async loadFirst(rs: RoomState): Promise<void> {
    if (rs.loading) return;
    rs.loading = "first";
    rs.failed = undefined;
    this.hold(rs.room.id, true);
    const page = await this.link.ask("history", { room: rs.room.id, limit: limits.page });
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
    this.reading.look();
    this.state.changed();
  }

  /** Loads the page before or after what is loaded. */
  async loadMore(rs: RoomState, way: "older" | "newer"): Promise<void> {
    if (rs.loading || rs.holding || !rs.loaded || !rs[way]) return;
    rs.loading = way;
    rs.failed = undefined;
    this.state.changed();
    const edge = way === "older" ? { before: rs.messages[0].seq } : { after: rs.messages.at(-1)!.seq };
    const page = await this.link.ask("history", { room: rs.room.id, ...edge, limit: limits.page });
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

  /** Lets go of what is loaded, and starts with the newest page again. */
  restart(rs: RoomState): void {
    rs.messages = [];
    rs.loaded = rs.older = rs.newer = false;
    rs.loading = undefined;
    if (this.state.current() === rs) void this.loadFirst(rs);
  }

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
    if (!rs) this.unknown(m.room);
    else if (rs.holding) rs.held.push({ message: m, user: author });
    else this.apply(rs, m);
  }

  /** The server has my message. */
  private mine(m: Message): void {
    if (this.state.rooms.has(m.room)) this.arrived(m, this.state.me);
    this.outbox.settled(m.cid);
  }

  private apply(rs: RoomState, m: Message): void {
    const { state, reading } = this;
    const unseen = state.unread(rs) === 0 && rs.divider === undefined && !reading.watches(rs);
    const outcome = receive(rs, m, reading.atEnd || state.current() !== rs);
    if (outcome === "gap") {
      if (rs.loaded) void this.sync({ [m.room]: rs.room.rev });
      else this.unknown(m.room);
      return;
    }
    this.settle(rs, m);
    if (outcome === "applied" && m.user !== state.me.id) {
      if (unseen && state.current() === rs) rs.divider = rs.room.read;
      rs.typing.delete(m.user);
      this.onMessage(m, state.nameOf(m.user));
    }
    reading.look();
    state.changed();
  }

  /** What a message of my own brings with it, wherever it was sent: all before it is read, and it waits no more. */
  private settle(rs: RoomState, m: Message): void {
    if (m.user !== this.state.me.id) return;
    rs.room.read = Math.max(rs.room.read, m.seq);
    this.outbox.settled(m.cid);
  }
}
