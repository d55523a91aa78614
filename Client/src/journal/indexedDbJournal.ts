import { JournalError } from "../errors.js";
import { Database } from "./database.js";
import type { Journal, JournalEntry } from "./journal.js";

const news = "aspire-feedback/journal";

/** Entries in IndexedDB: on the disk before `put` returns, there after a crash, and other tabs of the origin are told. */
export class IndexedDbJournal implements Journal {
  readonly #database: Database;
  readonly #channels = new Set<BroadcastChannel>();

  constructor(database = new Database()) {
    this.#database = database;
  }

  async all(): Promise<readonly JournalEntry[]> {
    return await this.#read((entries) => entries.getAll() as IDBRequest<JournalEntry[]>);
  }

  async get(id: string): Promise<JournalEntry | undefined> {
    return await this.#read((entries) => entries.get(id) as IDBRequest<JournalEntry | undefined>);
  }

  async put(entry: JournalEntry): Promise<void> {
    const refused = "This browser did not let us keep the request (a private window, no room left): it was not sent.";
    await this.#write(entry.id, (entries) => {
      entries.put(entry, entry.id);
      return () => entry;
    }, refused);
  }

  async update(id: string, change: (entry: JournalEntry) => Partial<JournalEntry> | undefined): Promise<JournalEntry | undefined> {
    // Read and written in one transaction: no other tab comes in between.
    return await this.#write(id, (entries, unchanged) => {
      let entry: JournalEntry | undefined;
      const found = entries.get(id) as IDBRequest<JournalEntry | undefined>;
      found.onsuccess = () => {
        entry = found.result;
        const changes = entry && change(entry);
        if (entry === undefined || changes === undefined) return unchanged();
        entry = { ...entry, ...changes };
        entries.put(entry, id);
      };
      return () => entry;
    });
  }

  async remove(id: string): Promise<void> {
    await this.#write(id, (entries) => {
      entries.delete(id);
      return () => undefined;
    });
  }

  subscribe(listener: (id: string) => void): () => void {
    if (typeof BroadcastChannel === "undefined") return () => {};
    const channel = new BroadcastChannel(news);
    channel.onmessage = ({ data }) => listener(String(data));
    this.#channels.add(channel);
    return () => {
      this.#channels.delete(channel);
      channel.close();
    };
  }

  async #read<T>(ask: (entries: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    try {
      return await this.#database.run("requests", "readonly", (entries) => {
        const answer = ask(entries);
        return () => answer.result;
      });
    } catch (cause) {
      throw new JournalError("This browser did not let us read what is kept.", { cause });
    }
  }

  async #write<T>(id: string, act: (entries: IDBObjectStore, unchanged: () => void) => () => T, refused = "This browser did not let us change what is kept."): Promise<T> {
    let isNews = true;
    const outcome = await this.#database.run("requests", "readwrite", (entries) => act(entries, () => void (isNews = false))).catch((cause: unknown) => {
      throw new JournalError(refused, { cause });
    });
    if (isNews) this.#tell(id);
    return outcome;
  }

  #tell(id: string): void {
    if (typeof BroadcastChannel === "undefined") return;
    // A message reaches every channel of its name but the one it is posted on: posted on our own, only other tabs hear it.
    const [own] = this.#channels;
    const channel = own ?? new BroadcastChannel(news);
    channel.postMessage(id);
    if (own === undefined) channel.close();
  }
}
