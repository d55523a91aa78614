/** Keeps the bytes of a file that is not uploaded yet, so that a reload can go on with them. */
export interface FileShelf {
  /** Resolves to false when the bytes are not kept (too large, no room): the upload then lives as long as this page. */
  put(id: string, bytes: Blob): Promise<boolean>;
  get(id: string): Promise<Blob | undefined>;
  remove(id: string): Promise<void>;
  /** Removes what no entry names and is too old to be named yet. */
  removeOrphans(named: ReadonlySet<string>, now: number): Promise<void>;
}

/** Larger files are uploaded while the page is open, and not kept for another one. */
export const shelfLimit = 20 * 1024 * 1024;

export class MemoryShelf implements FileShelf {
  readonly #files = new Map<string, Blob>();

  put(id: string, bytes: Blob): Promise<boolean> {
    this.#files.set(id, bytes);
    return Promise.resolve(true);
  }

  get(id: string): Promise<Blob | undefined> {
    return Promise.resolve(this.#files.get(id));
  }

  remove(id: string): Promise<void> {
    this.#files.delete(id);
    return Promise.resolve();
  }

  removeOrphans(): Promise<void> {
    return Promise.resolve();
  }
}
