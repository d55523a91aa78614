// Of the time at most a quarter: an answer that is slow to make or to take in is asked for less often, or a large trace would keep both sides busy.
const pausePerRead = 3;

/** Reads at once and then whenever it is poked, at most once in `pauseMs`, never while a read is on its way, and less often what takes long. */
export class Refresher {
  readonly #abort = new AbortController();
  readonly #read: (signal: AbortSignal) => Promise<void>;
  readonly #pauseMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #isStale = false;
  #nextAt = Number.NEGATIVE_INFINITY;

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
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, this.#nextAt - Date.now()));
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#isBusy = true;
    this.#isStale = false;
    const begin = Date.now();
    try {
      await this.#read(this.#abort.signal);
    } finally {
      this.#isBusy = false;
      const end = Date.now();
      this.#nextAt = Math.max(begin + this.#pauseMs, end + (end - begin) * pausePerRead);
      if (this.#isStale) this.#schedule();
    }
  }
}
