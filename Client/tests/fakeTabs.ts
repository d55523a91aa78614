import type { Line, TabMessage, Tabs } from "../src/index.js";

interface Waiting {
  readonly run: () => void;
}

interface Held {
  end(error?: Error): void;
}

/** The locks and channels of one browser, in memory: what a tab holds is freed when the test kills it. */
export class FakeBrowser {
  /** What tabs have said to each other. */
  readonly said: TabMessage[] = [];
  readonly #lines = new Map<string, Set<FakeLine>>();
  readonly #held = new Map<string, Held>();
  readonly #waiting = new Map<string, Waiting[]>();

  /** A tab of this browser; `crash` frees its locks and lets it neither speak nor hear, as a closed one. */
  tab(): Tabs & { crash(): void; freeze(): void; thaw(): void } {
    const own: FakeLine[] = [];
    let isGone = false;
    const open = (name: string) => {
      const line = new FakeLine(this.#linesOf(name), this.said);
      own.push(line);
      return line;
    };
    const held = new Set<Held>();
    const request = (name: string, options: LockOptions, work: (lock: Lock | null) => unknown) =>
      new Promise((resolve, reject) => {
        const waiting = { run: () => this.#grant(name, held, () => isGone, work, resolve, reject) };
        if (options.signal?.aborted) reject(new DOMException("Aborted.", "AbortError"));
        else if (options.steal) {
          this.#held.get(name)?.end(new DOMException("Stolen.", "AbortError"));
          waiting.run();
        } else {
          this.#queueOf(name).push(waiting);
          options.signal?.addEventListener("abort", () => this.#drop(name, waiting) && reject(new DOMException("Aborted.", "AbortError")));
          this.#next(name);
        }
      });
    return {
      open,
      locks: { request } as unknown as Tabs["locks"],
      freeze: () => own.forEach((line) => (line.isFrozen = true)),
      thaw: () => own.forEach((line) => (line.isFrozen = false)),
      crash: () => {
        isGone = true;
        own.forEach((line) => line.close());
        held.forEach((lock) => lock.end());
      },
    };
  }

  #grant(name: string, own: Set<Held>, isGone: () => boolean, work: (lock: Lock | null) => unknown, resolve: (value: unknown) => void, reject: (error: Error) => void): void {
    const lock: Held = {
      end: (error) => {
        own.delete(lock);
        if (this.#held.get(name) !== lock) return;
        this.#held.delete(name);
        if (error !== undefined) reject(error);
        else this.#next(name);
      },
    };
    if (isGone()) return;
    this.#held.set(name, lock);
    own.add(lock);
    Promise.resolve(work({ name, mode: "exclusive" })).then(
      (value) => (lock.end(), resolve(value)),
      (error: Error) => (lock.end(), reject(error)),
    );
  }

  #next(name: string): void {
    if (!this.#held.has(name)) this.#queueOf(name).shift()?.run();
  }

  #drop(name: string, waiting: Waiting): boolean {
    const queue = this.#queueOf(name);
    const index = queue.indexOf(waiting);
    if (index >= 0) queue.splice(index, 1);
    return index >= 0;
  }

  #queueOf(name: string): Waiting[] {
    const queue = this.#waiting.get(name) ?? [];
    this.#waiting.set(name, queue);
    return queue;
  }

  #linesOf(name: string): Set<FakeLine> {
    const lines = this.#lines.get(name) ?? new Set();
    this.#lines.set(name, lines);
    return lines;
  }
}

class FakeLine implements Line {
  onmessage: Line["onmessage"] = null;
  isFrozen = false;
  readonly #all: Set<FakeLine>;

  readonly #said: TabMessage[];

  constructor(all: Set<FakeLine>, said: TabMessage[]) {
    this.#all = all;
    this.#said = said;
    all.add(this);
  }

  postMessage(message: TabMessage): void {
    if (!this.#all.has(this) || this.isFrozen) return;
    this.#said.push(message);
    const data = structuredClone(message);
    for (const line of this.#all) if (line !== this) queueMicrotask(() => this.#all.has(line) && !line.isFrozen && line.onmessage?.({ data }));
  }

  close(): void {
    this.#all.delete(this);
  }
}
