// What goes over the wire, version 1. chatroom/web/wire.go says the same in Go. Times are Unix milliseconds.

export const version = 1;

export interface User {
  id: number;
  name: string;
}

/** A room as one of its members sees it. */
export interface Room {
  id: number;
  kind: "public" | "direct";
  name?: string;
  topic?: string;
  /** The other one in a direct room. */
  peer?: User;
  /** The number of the newest message. */
  seq: number;
  /** The number of changes. */
  rev: number;
  /** Up to where I have read, a seq. */
  read: number;
  active: number;
}

export interface Listing {
  id: number;
  name: string;
  topic?: string;
  members: number;
}

export interface Message {
  id: number;
  room: number;
  user: number;
  seq: number;
  rev: number;
  ts: number;
  body: string;
  /** The id that I gave my own message before it was sent. */
  cid?: string;
}

export type Code =
  | "bad_request"
  | "auth"
  | "name_empty"
  | "name_long"
  | "name_chars"
  | "name_taken"
  | "topic_long"
  | "body_empty"
  | "body_long"
  | "cid_reused"
  | "not_found"
  | "full"
  | "rate"
  | "busy"
  | "internal";

/** The answer to what can't be done. */
export interface Refusal {
  ok: false;
  code: Code;
  /** Seconds after which the same can succeed. */
  retryAfter?: number;
}

/** A refusal, or no answer at all: the connection was lost, or the server took too long. */
export type Failure = Refusal | { ok: false; code: "lost"; retryAfter?: number };

export const lost: Failure = { ok: false, code: "lost" };

export interface Hello {
  v: number;
  build: string;
  me: User;
  rooms: Room[];
  here: { count: number; people: User[] };
}

export interface NewMessage {
  message: Message;
  user: User;
}

/** Events from the server. */
export interface Incoming {
  hello: (h: Hello) => void;
  "msg:new": (m: NewMessage) => void;
  "member:join": (m: { user: User; quiet?: boolean }) => void;
  "member:leave": (m: { user: number }) => void;
  "member:gone": (m: { user: number }) => void;
  "room:add": (m: { room: Room }) => void;
  "room:remove": (m: { room: number }) => void;
  "room:join": (m: { room: number; user: User }) => void;
  "room:leave": (m: { room: number; user: User }) => void;
  read: (m: { room: number; seq: number }) => void;
  typing: (m: { room: number; user: number; on: boolean }) => void;
  "sys:drain": () => void;
}

export interface Page {
  ok: true;
  messages: Message[];
  users: User[];
  more: boolean;
  rev: number;
  seq: number;
}

export interface Difference {
  room: number;
  messages: Message[];
  reset?: boolean;
  gone?: boolean;
}

/** Requests: what is asked, and what the server answers when it does not refuse. */
export interface Requests {
  "msg:send": [{ room: number; cid: string; body: string }, { ok: true; id: number; seq: number; rev: number; ts: number }];
  history: [{ room: number; before?: number; after?: number; limit?: number }, Page];
  sync: [{ rooms: { [room: number]: number } }, { ok: true; rooms: Difference[]; users: User[] }];
  read: [{ room: number; seq: number }, { ok: true; seq: number }];
  "room:list": [{ query: string }, { ok: true; rooms: Listing[] }];
  "room:get": [{ room: number }, { ok: true; room: Room }];
  "room:members": [{ room: number }, { ok: true; people: User[]; here: number[] }];
  "room:create": [{ name: string; topic: string }, { ok: true; room: Room }];
  "room:direct": [{ user: number }, { ok: true; room: Room }];
  "room:join": [{ room: number }, { ok: true; room: Room }];
  "room:leave": [{ room: number }, { ok: true }];
}

/** Limits that the server keeps too. */
export const limits = { name: 32, topic: 160, body: 4000, page: 50 };

/** The length as the server counts it. */
export function runes(text: string): number {
  let n = 0;
  for (const _ of text) n++;
  return n;
}
