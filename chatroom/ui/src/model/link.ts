// The connection to the server and its one state machine. It tries again by itself: soon after a loss that looks
// planned, then later and later at random times, so that not everybody comes at once, and at once when the network is
// back or the page is looked at again.

import io from "../../../../browser/src/index";
import type { Socket } from "../../../../browser/src/socket";
import { Answer, Failure, lost, Question } from "../protocol";
import type { ClientToServerEvents, Refusal, ServerToClientEvents, Typing } from "../wire";
import type { LinkState } from "./state";

const answerTimeout = 10_000;
const helloTimeout = 10_000;
const firstDelay = 300;
const baseDelay = 500;
const maxDelay = 10_000;

export interface LinkEvents {
  changed(): void;
  /** The server does not know who this is. */
  stranger(): void;
  /** The server has ended the connection on purpose. */
  expelled(): void;
}

export class Link {
  private socket: Socket<ServerToClientEvents, ClientToServerEvents>;
  private timer?: number;
  private wanted = false;

  constructor(
    private state: LinkState,
    private events: LinkEvents,
  ) {
    this.socket = io({ reconnection: false, autoConnect: false, timeout: 10_000 });
    this.socket.on("connect", () => this.await(helloTimeout, () => this.again()));
    this.socket.on("hello", () => this.established());
    this.socket.on("sys:drain", () => {
      this.state.updating = true;
    });
    this.socket.on("disconnect", (reason: string) => {
      if (reason === "io server disconnect") this.events.expelled();
      else this.lost();
    });
    this.socket.on("connect_error", (err: Error & { data?: Refusal }) => {
      if (err.data?.code === "auth") {
        this.stop();
        this.events.stranger();
      } else {
        this.lost((err.data?.retryAfter ?? 0) * 1000);
      }
    });
    const now = () => this.state.phase === "waiting" && this.connect();
    addEventListener("online", now);
    addEventListener("offline", () => this.events.changed());
    addEventListener("pageshow", (e) => e.persisted && now());
    document.addEventListener("visibilitychange", () => !document.hidden && now());
  }

  on<E extends keyof ServerToClientEvents>(event: E, fn: ServerToClientEvents[E]): void {
    this.socket.on(event, fn as never);
  }

  /** Connects and stays connected until stop(). */
  start(): void {
    this.wanted = true;
    if (this.state.phase === "idle") this.connect();
  }

  stop(): void {
    this.wanted = false;
    clearTimeout(this.timer);
    Object.assign(this.state, { phase: "idle", lostAt: 0, attempt: 0, updating: false });
    this.socket.disconnect();
    this.events.changed();
  }

  /** Tries at once, if it is waiting. */
  now(): void {
    if (this.state.phase === "waiting") this.connect();
  }

  /** Asks the server. It never rejects: no answer is a failure like any other. */
  ask<E extends keyof ClientToServerEvents>(event: E, question: Question<E>): Promise<Answer<E> | Failure> {
    return new Promise((resolve) => {
      if (this.state.phase !== "connected") {
        resolve(lost);
        return;
      }
      const ack = (err: Error | null, answer: Answer<E>) => resolve(err ? lost : answer);
      this.socket.timeout(answerTimeout).emit(event, ...([question, ack] as never));
    });
  }

  /** Tells the server something that may get lost. */
  hint(...hint: ["typing", Typing]): void {
    if (this.state.phase === "connected") this.socket.volatile.emit(...hint);
  }

  private connect(): void {
    clearTimeout(this.timer);
    this.state.phase = "connecting";
    if (!this.state.lostAt) this.state.lostAt = Date.now();
    this.events.changed();
    this.socket.connect();
  }

  private established(): void {
    clearTimeout(this.timer);
    Object.assign(this.state, { phase: "connected", lostAt: 0, attempt: 0, retryAt: 0, updating: false });
    this.state.transport = this.socket.io.engine.transport.name;
    this.socket.io.engine.once("upgrade", () => {
      this.state.transport = this.socket.io.engine.transport.name;
      this.events.changed();
    });
  }

  /** Gives up on a connection that says nothing. */
  private again(): void {
    this.socket.disconnect();
    this.lost();
  }

  private lost(atLeast = 0): void {
    if (!this.wanted) return;
    clearTimeout(this.timer);
    if (!this.state.lostAt) this.state.lostAt = Date.now();
    const attempt = this.state.attempt++;
    const limit = attempt === 0 ? firstDelay : Math.min(maxDelay, baseDelay * 2 ** attempt);
    const delay = Math.max(atLeast, Math.random() * limit);
    this.state.phase = "waiting";
    this.state.retryAt = Date.now() + delay;
    this.await(delay, () => this.connect());
    this.events.changed();
  }

  private await(delay: number, fn: () => void): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(fn, delay);
  }
}
