import { isAborted } from "./errors.js";

/** Work that nobody awaits: it belongs to one run, ends with it, and its errors are heard. */
export class Background {
  readonly #onError: (error: unknown) => void;
  /** One signal for each work: Node warns of one that many listen to. */
  readonly #running = new Set<AbortController>();
  #signal: AbortSignal | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  begin(signal: AbortSignal): void {
    this.#signal = signal;
    signal.addEventListener("abort", () => {
      for (const life of this.#running) life.abort();
    });
  }

  /** Before the run has begun nothing starts; the run picks up what there is. */
  start(work: (signal: AbortSignal) => Promise<void>): void {
    if (this.#signal === undefined || this.#signal.aborted) return;
    const life = new AbortController();
    this.#running.add(life);
    work(life.signal)
      .catch((error: unknown) => {
        if (!life.signal.aborted && !isAborted(error)) this.#onError(error);
      })
      .finally(() => this.#running.delete(life));
  }
}
