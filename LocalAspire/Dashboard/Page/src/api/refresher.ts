/** Reads at once and then whenever it is poked, at most once in `pauseMs`, and never while a read is on its way. */
export class Refresher {
  readonly #abort = new AbortController();
  readonly #read: (signal: AbortSignal) => Promise<void>;
  readonly #pauseMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #isStale = false;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(read: (signal: AbortSignal) => Promise<void>, pauseMs = 1000) {
    this.#read = read;
    this.#pauseMs = pauseMs;
    this.poke();
  }

  poke(): void {
    this.#isStale = true;
    this.#schedule();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  #schedule(): void {
    if (this.#isBusy || this.#timer !== undefined || this.#abort.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, this.#readAt + this.#pauseMs - Date.now()));
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#isBusy = true;
    this.#isStale = false;
    this.#readAt = Date.now();
    try {
      await this.#read(this.#abort.signal);
    } finally {
      this.#isBusy = false;
      if (this.#isStale) this.#schedule();
    }
  }
}
