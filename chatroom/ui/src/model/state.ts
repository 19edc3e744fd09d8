// Everything that is shown, in one place. Whoever changes it calls changed(); views draw from it once a frame.

import type { Failure } from "../protocol";
import type { Message, Room, User } from "../wire";

/** A message on its way out. */
export interface Outgoing {
  cid: string;
  room: number;
  body: string;
  ts: number;
  /** queued: waits for its turn or the connection; unsure: sent, and no answer came. */
  state: "queued" | "sending" | "failed" | "unsure";
  code?: Failure["code"];
  /** Not to be sent before, when the server has asked to wait. */
  retryAt?: number;
  tries: number;
}

export type NoticeKind = "came" | "left" | "joined" | "parted";

/** A line about somebody coming or going. It lives as long as the page. */
export interface Notice {
  kind: NoticeKind;
  name: string;
  ts: number;
  /** The message after which it stands, by seq. */
  after: number;
}

export interface RoomState {
  room: Room;
  /** A part of the room without holes, ascending by seq; up to `windowSize`. */
  messages: Message[];
  /** Whether messages were loaded at all. */
  loaded: boolean;
  /** There is more before the first, and after the last. */
  older: boolean;
  newer: boolean;
  loading?: "first" | "older" | "newer";
  failed?: "first" | "older" | "newer";
  /** While a page or a difference is under way, what comes waits here. */
  holding: boolean;
  held: { message: Message; user: User }[];
  notices: Notice[];
  members?: User[];
  /** Who types, until when. */
  typing: Map<number, number>;
  /** The line "new" stands after this seq. */
  divider?: number;
  /** Changes when the list should be at its end or at the divider again. */
  jump: number;
}

export interface LinkState {
  phase: "idle" | "connecting" | "connected" | "waiting";
  /** When the connection was lost; 0 while it stands. */
  lostAt: number;
  attempt: number;
  /** When the next attempt begins, in phase waiting. */
  retryAt: number;
  /** The server said that it goes away. */
  updating: boolean;
  transport: string;
}

/** How many messages of a room are kept and shown at once. */
export const windowSize = 400;

export class State {
  screen: "loading" | "join" | "chat" = "loading";
  me: User = { id: 0, name: "" };
  rooms = new Map<number, RoomState>();
  /** The room on the screen. */
  open?: number;
  /** Names of people, by id. */
  people = new Map<number, string>();
  here = new Set<number>();
  hereCount = 0;
  outbox: Outgoing[] = [];
  link: LinkState = { phase: "idle", lostAt: 0, attempt: 0, retryAt: 0, updating: false, transport: "" };
  /** The rooms are known. */
  ready = false;
  /** Another version of the page is on the server. */
  outdated = false;
  signedOut = false;

  private build = "";
  private listeners: (() => void)[] = [];
  private scheduled = false;

  onChange(fn: () => void): void {
    this.listeners.push(fn);
  }

  /** Draws soon. A hidden page has no frames. */
  changed = (): void => {
    if (this.scheduled) return;
    this.scheduled = true;
    const draw = () => {
      this.scheduled = false;
      for (const fn of this.listeners) fn();
    };
    if (document.hidden) setTimeout(draw);
    else requestAnimationFrame(draw);
  };

  /** Forgets one person's chat: another one comes. */
  forget(): void {
    this.rooms.clear();
    this.outbox = [];
    this.open = undefined;
    this.ready = false;
  }

  /** Takes the version of the page that the server has now; the first one is ours. */
  isBuild(build: string): void {
    this.build ||= build;
    this.outdated ||= build !== this.build;
  }

  current(): RoomState | undefined {
    return this.open === undefined ? undefined : this.rooms.get(this.open);
  }

  know(users: User[]): void {
    for (const u of users) this.people.set(u.id, u.name);
  }

  nameOf(id: number): string {
    return this.people.get(id) ?? "…";
  }

  pending(room: number): Outgoing[] {
    return this.outbox.filter((o) => o.room === room);
  }

  unread(rs: RoomState): number {
    return Math.max(0, rs.room.seq - rs.room.read);
  }
}

export function newRoomState(room: Room): RoomState {
  return {
    room,
    messages: [],
    loaded: false,
    older: false,
    newer: false,
    holding: false,
    held: [],
    notices: [],
    typing: new Map(),
    jump: 0,
  };
}

/** What a room is called on the screen, without its sign. */
export function titleOf(room: Room): string {
  return room.kind === "direct" ? (room.peer?.name ?? "") : (room.name ?? "");
}
