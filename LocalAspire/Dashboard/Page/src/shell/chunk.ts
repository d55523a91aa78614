/** A part of the page that did not come: the AppHost is gone, or has another build of the page by now. */
export class NotLoaded extends Error {
  readonly forget: () => void;

  constructor(forget: () => void, cause: unknown) {
    super("A part of the page could not be loaded.", { cause });
    this.forget = forget;
  }
}

/** A part of the page that comes when it is first needed. A failure is kept, or each attempt to show it would load again, until it is told to forget. */
export class Chunk<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | undefined;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  read(): Promise<T> {
    this.#loading ??= this.#load().catch((cause: unknown) => {
      throw new NotLoaded(() => (this.#loading = undefined), cause);
    });
    return this.#loading;
  }
}
