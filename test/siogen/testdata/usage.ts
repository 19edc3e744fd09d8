// The generated types with those of a client, the official one or ours: what fits compiles, and what does not is an error.

import { io, type Socket } from "socket.io-client";
import type {
  BackOfficeClientToServerEvents,
  BackOfficeServerToClientEvents,
  ClientToServerEvents,
  Refusal,
  ServerToClientEvents,
  ShopItem,
  State,
  Tree,
} from "shop";

const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io();

socket.on("welcome", (greeting) => {
  const text: string | undefined = greeting.text;
  const build: string = greeting.build;
  console.log(text, build);
  // @ts-expect-error no such member
  console.log(greeting.secret);
});
socket.on("item:new", (item) => {
  // @ts-expect-error it may be null
  console.log(item.name);
  if (!item) return;
  const bytes: Uint8Array = new Uint8Array(item.image);
  const here: number | undefined = item.stocked.here;
  const state: State = item.state;
  if (state === "here") console.log(bytes, here, item.parts[0].parts, item.spare?.name, item.at.slice(0, 10));
  // @ts-expect-error no state
  console.log(state === "lost");
  // @ts-expect-error it may be null
  console.log(item.origin[0]);
});
socket.on("moved", (id, [row, shelf], at) => console.log(id + row + shelf, Date.parse(at)));
socket.on("closing", () => socket.disconnect());
socket.on("any thing", (...args) => console.log(args.length));
socket.on("photo", (bytes) => console.log(bytes.byteLength));
socket.on("catalog", (page) => {
  const first: ShopItem | undefined = page.next?.next?.items[0];
  console.log(first);
});
socket.on("zoo", (zoo) => {
  const tree: Tree | undefined = zoo.tree["a"]?.[0];
  console.log(tree, zoo["a b"].length, zoo.inline.A, zoo.long[8], zoo.points[0][1], zoo.byId[3]?.name);
});
socket.on("agree?", (question, ack) => ack(question.length > 3));
socket.on("agree?", (_, ack) => ack({ error: { message: "no" } }));
// @ts-expect-error an answer is a boolean
socket.on("agree?", (_, ack) => ack(1));
// @ts-expect-error no such event
socket.on("welcom", () => {});

socket.emit("buy", 7, 2, (answer) => {
  // @ts-expect-error it may be a refusal
  console.log(answer.total);
  if (answer.ok) console.log(answer.total.length, answer.big.length);
  else console.log(answer.code);
});
socket.timeout(1000).emit("buy", 7, 2, (err, answer) => console.log(err, answer.ok));
socket.emit("count", (n) => console.log(n + 1));
socket.emit("names", (first, second) => console.log(first, second));
socket.emit("leave", "late", (failure) => console.log(failure?.error.message));
socket.emit("raw", 1, "two", (answer: unknown) => console.log(answer));
socket.emit("note", "hello");
socket.emit("note", "hello", [1, 2]);
socket.emit("typing", true);
// @ts-expect-error the count is missing
socket.emit("buy", 7, (answer) => console.log(answer));
// @ts-expect-error a place has two numbers
socket.emit("note", "hello", [1]);
// @ts-expect-error only the server sends it
socket.emit("welcome", {});

export async function asked(): Promise<void> {
  const answer = await socket.emitWithAck("buy", 7, 2);
  if (!answer.ok) {
    const refusal: Refusal = answer;
    console.log(refusal.code);
  }
  const count: number = await socket.timeout(1000).emitWithAck("count");
  console.log(count);
}

const office: Socket<BackOfficeServerToClientEvents, BackOfficeClientToServerEvents> = io("/back-office");
office.on("audit", (page) => console.log(page.items[0].items[0]?.toFixed()));
office.emit("photos", { front: new Uint8Array(1), back: new ArrayBuffer(1) });
