// What the reader has seen. Looking at the end of a room reads it, here and, a moment later, everywhere else.

import type { Link } from "./link";
import type { RoomState, State } from "./state";

/** Between two reports to the server. */
const pause = 300;

export class Reading {
  /** Whether the end of the list is on the screen. The timeline sets it. */
  atEnd = true;

  private unreported = new Set<RoomState>();
  private reporting = false;

  constructor(
    private state: State,
    private link: Link,
  ) {
    const look = () => this.look();
    addEventListener("focus", look);
    document.addEventListener("visibilitychange", look);
  }

  /** Whether the reader sees what comes in a room. */
  watches(rs: RoomState): boolean {
    return this.state.current() === rs && this.atEnd && !document.hidden && document.hasFocus();
  }

  /** Marks the open room as read if the reader sees its end. */
  look(): void {
    const rs = this.state.current();
    if (rs && rs.loaded && !rs.newer && this.watches(rs)) this.mark(rs);
  }

  mark(rs: RoomState): void {
    if (this.state.unread(rs) === 0) return;
    rs.room.read = rs.room.seq;
    this.state.changed();
    this.report(rs);
  }

  /** What another tab of mine has read, or the server knows. It may know less: a report was lost. */
  known(rs: RoomState, seq: number): void {
    if (seq < rs.room.read) this.report(rs);
    rs.room.read = Math.max(rs.room.read, seq);
  }

  /** Tells the server: the first of a burst at once, and then all that came meanwhile. */
  private report(rs: RoomState): void {
    this.unreported.add(rs);
    if (!this.reporting) this.flush();
  }

  private flush(): void {
    for (const { room } of this.unreported) void this.link.ask("read", { room: room.id, seq: room.read });
    this.reporting = this.unreported.size > 0;
    this.unreported.clear();
    if (this.reporting) window.setTimeout(() => this.flush(), pause);
  }
}
