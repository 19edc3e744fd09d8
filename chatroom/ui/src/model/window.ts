// The part of a room's messages that is kept: without holes, in the order of the room, each message once. Pure: all of
// it works on a RoomState alone.

import type { Message, Page } from "../wire";
import { RoomState, windowSize } from "./state";

export type Outcome = "applied" | "known" | "gap";

/**
 * Takes a message that was just said. "gap" means that something before it is missing: ask for the difference.
 * atEnd tells whether the reader is at the end of the list, where old messages can be let go.
 */
export function receive(rs: RoomState, m: Message, atEnd: boolean): Outcome {
  const { room } = rs;
  if (m.rev <= room.rev) {
    put(rs, m);
    return "known";
  }
  if (m.rev > room.rev + 1) return "gap";
  const wasWhole = rs.loaded && !rs.newer;
  room.rev = m.rev;
  room.seq = Math.max(room.seq, m.seq);
  room.active = Math.max(room.active, m.ts);
  if (!wasWhole) return "applied";
  if (rs.messages.length >= windowSize && !atEnd) rs.newer = true;
  else put(rs, m, true);
  trimStart(rs);
  return "applied";
}

/** Takes what was missed, ascending by rev. */
export function catchUp(rs: RoomState, messages: Message[]): void {
  for (const m of messages) {
    rs.room.rev = Math.max(rs.room.rev, m.rev);
    const whole = !rs.newer;
    put(rs, m, whole && m.seq > (rs.messages.at(-1)?.seq ?? 0));
    rs.room.seq = Math.max(rs.room.seq, m.seq);
  }
  trimStart(rs);
}

/** Starts with the newest page. */
export function begin(rs: RoomState, page: Page): void {
  rs.messages = page.messages;
  rs.loaded = true;
  rs.older = page.more;
  rs.room.rev = page.rev;
  rs.room.seq = Math.max(page.seq, page.messages.at(-1)?.seq ?? 0);
  rs.newer = false;
}

/** Adds the page before. */
export function prepend(rs: RoomState, page: Page): void {
  const first = rs.messages[0]?.seq ?? Infinity;
  rs.messages = [...page.messages.filter((m) => m.seq < first), ...rs.messages];
  rs.older = page.more;
  if (rs.messages.length > windowSize) {
    rs.messages.length = windowSize;
    rs.newer = true;
  }
}

/** Adds the page after. */
export function extend(rs: RoomState, page: Page): void {
  const last = rs.messages.at(-1)?.seq ?? 0;
  rs.messages = [...rs.messages, ...page.messages.filter((m) => m.seq > last)];
  rs.newer = (rs.messages.at(-1)?.seq ?? 0) < rs.room.seq;
  trimStart(rs);
}

/** Replaces a message of the window, or puts a new one at its place if it belongs into the window. */
function put(rs: RoomState, m: Message, atEnd = false): void {
  const list = rs.messages;
  let i = list.length;
  while (i > 0 && list[i - 1].seq >= m.seq) i--;
  if (list[i]?.seq === m.seq) list[i] = { ...m, cid: m.cid ?? list[i].cid };
  else if (atEnd || (i > 0 && i < list.length)) list.splice(i, 0, m);
}

function trimStart(rs: RoomState): void {
  if (rs.messages.length <= windowSize) return;
  rs.messages = rs.messages.slice(-windowSize);
  rs.older = true;
}
