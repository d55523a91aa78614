import { isAborted } from "./errors.js";

/** Work that nobody awaits: it belongs to one run, ends with it, and its errors are heard. */
export class Background {
  readonly #onError: (error: unknown) => void;
  #signal: AbortSignal | undefined;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  begin(signal: AbortSignal): void {
    this.#signal = signal;
  }

  /** Before the run has begun nothing starts; the run picks up what there is. */
  start(work: (signal: AbortSignal) => Promise<void>): void {
    const signal = this.#signal;
    if (signal === undefined || signal.aborted) return;
    work(signal).catch((error: unknown) => {
      if (!isAborted(error)) this.#onError(error);
    });
  }
}
