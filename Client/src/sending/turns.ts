/** Lets so many work at a time, in the order in which they came; who is told to stop leaves the line. */
export class Turns {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  async take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#wait(signal);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      const [next] = this.#waiting;
      if (next === undefined) this.#free++;
      else next();
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      // Out of the line in the same step, or a turn could be given to somebody who has left.
      const leave = () => {
        this.#waiting.delete(go);
        signal.removeEventListener("abort", stop);
      };
      const go = () => {
        leave();
        resolve();
      };
      const stop = () => {
        leave();
        reject(new DOMException("Stopped.", "AbortError"));
      };
      this.#waiting.add(go);
      signal.addEventListener("abort", stop);
    });
  }
}
