const openWithinMs = 5_000;

type StoreName = "requests" | "files";

/** The one database of this origin: what was asked for, and the files that go with it. */
export class Database {
  #opened: Promise<IDBDatabase> | undefined;

  /** One transaction over one store; `act` starts it and gives a function that reads its outcome once it is on the disk. */
  async run<T>(name: StoreName, mode: IDBTransactionMode, act: (objects: IDBObjectStore) => () => T): Promise<T> {
    try {
      return await this.#run(name, mode, act);
    } catch (error) {
      // Browsers close a database behind our back, iOS after a pause for example: the next one works.
      if (!(error instanceof DOMException && ["InvalidStateError", "UnknownError"].includes(error.name))) throw error;
      this.#opened = undefined;
      return await this.#run(name, mode, act);
    }
  }

  async #run<T>(name: StoreName, mode: IDBTransactionMode, act: (objects: IDBObjectStore) => () => T): Promise<T> {
    const database = await this.#open();
    return await new Promise<T>((resolve, reject) => {
      // Strict: a promise to keep a request must outlive a power cut, not only the browser.
      const transaction = database.transaction(name, mode, { durability: "strict" });
      const outcome = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(outcome());
      transaction.onabort = () => reject(transaction.error ?? new Error("The transaction was aborted."));
    });
  }

  async #open(): Promise<IDBDatabase> {
    try {
      return await (this.#opened ??= open(() => (this.#opened = undefined)));
    } catch (error) {
      this.#opened = undefined;
      throw error;
    }
  }
}

function open(lost: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // Browsers are known to leave this call without any answer at times.
    const timer = setTimeout(() => reject(new Error("The database did not open in time.")), openWithinMs);
    const request = indexedDB.open("aspire-feedback", 2);
    request.onupgradeneeded = () => {
      const { objectStoreNames: there } = request.result;
      for (const name of ["requests", "files"] satisfies StoreName[]) if (!there.contains(name)) request.result.createObjectStore(name);
    };
    request.onsuccess = () => {
      clearTimeout(timer);
      const database = request.result;
      database.onclose = lost;
      // A newer version of this library in another tab must not wait for us.
      database.onversionchange = () => {
        database.close();
        lost();
      };
      resolve(database);
    };
    request.onerror = () => {
      clearTimeout(timer);
      reject(request.error ?? new Error("The database could not be opened."));
    };
  });
}
