// The shared worker: the connections of all pages of a site. It has one socket for all who want the same, and treats
// each of them as a server would: its pages hear every event, and answers go to who asked.

import { Listener } from "../emitter";
import { io } from "../io";
import { Packet, PacketType } from "../parser";
import type { Socket } from "../socket";
import { FromPage, FromWorker, managerEvents, plain, Wanted } from "./messages";

/** A page's socket. */
interface Member {
  member: number;
  port: MessagePort;
}

// Questions of a server that no page has answered yet; the oldest is forgotten.
const maxQuestions = 10000;

/** A socket, and the members that share it. */
class Room {
  readonly members = new Set<Member>();
  private _socket: Socket<any, any>;
  private _questions = new Map<number, Listener>();
  private _ids = 0;
  private _sessions = 0;

  constructor({ href, nsp, options }: Wanted) {
    const s = (this._socket = io(href + nsp, { ...options, autoConnect: false }));
    const life: { [event: string]: Listener } = {
      connecting: (transport) => this._tell({ opened: transport }),
      connect: () => this._tell({ packet: this._accepted() }),
      connect_error: (err) =>
        s.active
          ? this._tell({ refused: err.message, data: err.data })
          : this._tell({ packet: { type: PacketType.CONNECT_ERROR, nsp, data: { message: err.message, data: err.data } } }),
      disconnect: (reason, details) => {
        this._questions.clear();
        if (s.active) this._tell({ lost: reason, description: details?.description ?? details?.message });
        else this._tell({ packet: { type: PacketType.DISCONNECT, nsp } });
      },
    };
    for (const event of Object.keys(life)) s.on(event, life[event]);
    for (const event of ["reconnecting", "reconnect", "reconnect_failed"]) {
      s.on(event, (...args: any[]) => this._tell({ tell: event, args }));
    }
    for (const event of managerEvents) {
      s.io.on(event as any, (...args: any[]) => this._tell({ tell: event, args: args.map(plain), manager: true }));
    }
    s.onAny((...data) => {
      const packet: Packet = { type: PacketType.EVENT, nsp, data };
      if (typeof data[data.length - 1] === "function") {
        packet.data = data.slice(0, -1);
        this._questions.set((packet.id = this._ids++), data[data.length - 1]);
        if (this._questions.size > maxQuestions) this._questions.delete(this._questions.keys().next().value!);
      }
      this._tell({ packet });
    });
  }

  /** A member wants to be connected. */
  join(m: Member, auth?: object): void {
    this.members.add(m);
    const s = this._socket;
    if (auth) s.auth = auth; // counts at the next connection
    if (s.connected) {
      send(m, { opened: s.io.engine.transport.name });
      send(m, { packet: this._accepted() });
    } else {
      s.connect();
    }
  }

  /** A packet of a member. */
  receive(m: Member, { type, nsp, data, id }: Packet): void {
    if (type === PacketType.EVENT) {
      const ack = (...answer: any[]) => send(m, { packet: { type: PacketType.ACK, nsp, id, data: answer } });
      try {
        this._socket.emit(data[0], ...data.slice(1), ...(id === undefined ? [] : [ack]));
      } catch (err) {
        send(m, { tell: "error", args: [plain(err)] }); // what the page could not know
      }
    } else if (type === PacketType.ACK) {
      const question = this._questions.get(id!);
      this._questions.delete(id!); // the first answer counts
      question?.(...data);
    }
  }

  /** A member is gone; reports whether it was the last one. */
  leave(m: Member): boolean {
    this.members.delete(m);
    if (this.members.size) return false;
    this._socket.disconnect();
    return true;
  }

  private _accepted(): Packet {
    const s = this._socket;
    // A session that was not recovered is another one.
    return { type: PacketType.CONNECT, nsp: s.nsp, data: { sid: s.id, pid: String(s.recovered ? this._sessions : ++this._sessions) } };
  }

  private _tell(message: object): void {
    for (const m of this.members) send(m, message);
  }
}

function send(m: Member, message: object): void {
  try {
    m.port.postMessage({ ...message, member: m.member } as FromWorker);
  } catch {
    // A value that can't be told to another page, such as an error's own data: the rest is told.
    m.port.postMessage({ ...JSON.parse(JSON.stringify(message)), member: m.member });
  }
}

const rooms = new Map<string, Room>();

/** Serves one page. */
function serve(port: MessagePort): void {
  const places = new Map<number, { key: string; m: Member }>();
  const leave = (member: number) => {
    const place = places.get(member);
    if (!place) return;
    places.delete(member);
    if (rooms.get(place.key)?.leave(place.m)) rooms.delete(place.key);
  };
  const goodbye = () => {
    for (const member of [...places.keys()]) leave(member);
  };
  port.onmessage = ({ data }: MessageEvent<FromPage>) => {
    if ("bye" in data) {
      goodbye();
    } else if ("lock" in data) {
      // It is ours when the page is no more, however it went.
      void navigator.locks.request(data.lock, async () => goodbye());
    } else if ("join" in data) {
      leave(data.member);
      const key = JSON.stringify(data.join);
      const room = rooms.get(key) || new Room(data.join);
      rooms.set(key, room);
      const m = { member: data.member, port };
      places.set(data.member, { key, m });
      room.join(m, data.auth);
    } else if (data.packet.type === PacketType.DISCONNECT) {
      leave(data.member);
    } else {
      const place = places.get(data.member);
      if (place) rooms.get(place.key)!.receive(place.m, data.packet);
    }
  };
}

(globalThis as any).onconnect = (e: MessageEvent) => serve(e.ports[0]);
