import { type FileShelf, shelfLimit } from "./shelf.js";

const store = "files";

export class IndexedDbShelf implements FileShelf {
  #database: Promise<IDBDatabase> | undefined;

  async put(id: string, bytes: Blob): Promise<boolean> {
    if (bytes.size > shelfLimit) return false;
    try {
      await this.#run("readwrite", (files) => files.put(bytes, id));
      return true;
    } catch {
      // Private windows and full disks refuse; the caller is told, and the upload goes on from memory.
      return false;
    }
  }

  async get(id: string): Promise<Blob | undefined> {
    try {
      const bytes = await this.#run("readonly", (files) => files.get(id) as IDBRequest<unknown>);
      return bytes instanceof Blob ? bytes : undefined;
    } catch {
      return undefined;
    }
  }

  async remove(id: string): Promise<void> {
    try {
      await this.#run("readwrite", (files) => files.delete(id));
    } catch {
      // A database that cannot be opened holds nothing to remove.
    }
  }

  async #run<T>(mode: IDBTransactionMode, act: (files: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const database = await (this.#database ??= open());
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was aborted."));
    });
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("aspire-feedback", 1);
    request.onupgradeneeded = () => void request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The database could not be opened."));
    request.onblocked = () => reject(new Error("Another window keeps the database at an older version."));
  });
}
