// What the list of messages consists of, from the top: where the room begins, days, the line "new", messages, notices,
// and what is on its way. Pure: it makes descriptions, and row.ts makes elements of them.

import type { Notice, Outgoing, RoomState, State } from "../model/state";
import type { Message } from "../wire";
import { dayOf } from "../text/time";

export type Entry =
  | { kind: "start" }
  | { kind: "edge"; way: "older" | "newer" }
  | { kind: "day"; ts: number }
  | { kind: "new" }
  | { kind: "notices"; notices: Notice[]; key: string }
  | { kind: "message"; message: Message; head: boolean }
  /** last: nothing else waits behind it. */
  | { kind: "pending"; pending: Outgoing; head: boolean; last: boolean };

/** Messages of one person within this time stand together. */
const groupTime = 5 * 60_000;

export function entriesOf(state: State, rs: RoomState): Entry[] {
  const list: Entry[] = [];
  if (!rs.loaded) return list;
  if (rs.older) list.push({ kind: "edge", way: "older" });
  else list.push({ kind: "start" });

  let author = 0;
  let last = 0;
  let day = 0;
  const begin = (ts: number, user: number): boolean => {
    if (dayOf(ts) !== day) {
      day = dayOf(ts);
      list.push({ kind: "day", ts });
      author = 0;
    }
    const head = user !== author || ts - last > groupTime;
    author = user;
    last = ts;
    return head;
  };

  let notices = rs.notices;
  const say = (before: number) => {
    const due = notices.filter((n) => n.after < before);
    if (due.length === 0) return;
    notices = notices.slice(due.length);
    list.push({ kind: "notices", notices: due, key: String(due[0].ts) });
    author = 0;
  };

  let divided = rs.divider === undefined;
  if (rs.older) {
    const first = rs.messages[0].seq;
    notices = notices.filter((n) => n.after >= first);
  }
  const sent = new Set<string>();
  for (const message of rs.messages) {
    say(message.seq);
    if (!divided && message.seq > rs.divider! && message.user !== state.me.id) {
      divided = true;
      author = 0;
      const newDay = dayOf(message.ts) !== day;
      if (!newDay) list.push({ kind: "new" });
      const head = begin(message.ts, message.user);
      if (newDay) list.push({ kind: "new" });
      list.push({ kind: "message", message, head });
    } else {
      const head = begin(message.ts, message.user);
      list.push({ kind: "message", message, head });
    }
    if (message.cid) sent.add(message.cid);
  }
  if (rs.newer) {
    list.push({ kind: "edge", way: "newer" });
    return list;
  }
  say(Infinity);
  const waiting = state.pending(rs.room.id).filter((o) => !sent.has(o.cid));
  for (const pending of waiting) {
    const head = begin(pending.ts, state.me.id);
    list.push({ kind: "pending", pending, head, last: pending === waiting.at(-1) });
  }
  return list;
}
