// Time for tests: it stands still until a test moves it.

const realImmediate = globalThis.setImmediate;

interface Due {
  at: number;
  id: number;
  fn: () => void;
}

/** Replaces the timers and the date of this process. */
export class Time {
  now = 1_700_000_000_000;
  /** What timers threw: where the browser would report an uncaught error. */
  readonly thrown: any[] = [];
  private ids = 0;
  private due = new Map<number, Due>();

  constructor() {
    const g = globalThis as any;
    g.setTimeout = (fn: () => void, ms = 0) => {
      if (!(ms >= 0 && ms < 2 ** 31)) ms = 0; // as in a browser
      const id = ++this.ids;
      this.due.set(id, { at: this.now + ms, id, fn });
      return id;
    };
    g.clearTimeout = (id: number) => this.due.delete(id);
    Date.now = () => this.now;
  }

  /** Timers that have not fired. */
  get pending(): number {
    return this.due.size;
  }

  /** Lets everything happen that needs no time. */
  async settle(): Promise<void> {
    for (let i = 0; i < 20; i++) await new Promise((resolve) => realImmediate(resolve));
  }

  /** Moves on by ms, timer after timer. */
  async pass(ms: number): Promise<void> {
    const end = this.now + ms;
    await this.settle();
    for (;;) {
      const [next] = [...this.due.values()].filter((d) => d.at <= end).sort((a, b) => a.at - b.at || a.id - b.id);
      if (!next) break;
      this.now = next.at;
      this.due.delete(next.id);
      try {
        next.fn();
      } catch (err) {
        this.thrown.push(err);
      }
      await this.settle();
    }
    this.now = end;
  }

  /** Lets ms go by without any timer noticing: the laptop was asleep. */
  sleep(ms: number): void {
    this.now += ms;
    for (const d of this.due.values()) d.at += ms;
  }
}
