import { timeOf } from "../uuid.js";
import { Database } from "./database.js";
import { type FileShelf, shelfLimit } from "./shelf.js";

/** Another tab may be between shelving a file and writing the entry that names it. */
const orphanAfterMs = 24 * 60 * 60 * 1000;

export class IndexedDbShelf implements FileShelf {
  readonly #database: Database;

  constructor(database = new Database()) {
    this.#database = database;
  }

  async put(id: string, bytes: Blob): Promise<boolean> {
    if (bytes.size > shelfLimit) return false;
    try {
      await this.#database.run("files", "readwrite", (files) => {
        files.put(bytes, id);
        return () => undefined;
      });
      return true;
    } catch {
      // Private windows and full disks refuse; the caller is told, and the upload goes on from memory.
      return false;
    }
  }

  async get(id: string): Promise<Blob | undefined> {
    try {
      const bytes = await this.#database.run("files", "readonly", (files) => {
        const found = files.get(id) as IDBRequest<unknown>;
        return () => found.result;
      });
      return bytes instanceof Blob ? bytes : undefined;
    } catch {
      return undefined;
    }
  }

  async remove(id: string): Promise<void> {
    await this.#removeAll((candidate) => candidate === id);
  }

  async removeOrphans(named: ReadonlySet<string>, now: number): Promise<void> {
    await this.#removeAll((id) => !named.has(id) && now - timeOf(id) > orphanAfterMs);
  }

  async #removeAll(isGone: (id: string) => boolean): Promise<void> {
    try {
      await this.#database.run("files", "readwrite", (files) => {
        const keys = files.getAllKeys();
        keys.onsuccess = () => {
          for (const key of keys.result) if (isGone(String(key))) files.delete(key);
        };
        return () => undefined;
      });
    } catch {
      // A database that cannot be opened holds nothing to remove.
    }
  }
}
