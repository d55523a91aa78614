import { JournalError } from "../errors.js";
import type { Journal, JournalEntry } from "./journal.js";

const prefix = "aspire-feedback/request/";

/** Entries in local storage: written before `put` returns, there after a crash, seen by the other tabs of the same origin. */
export class LocalStorageJournal implements Journal {
  readonly #storage: Storage;

  constructor(storage: Storage = localStorage) {
    this.#storage = storage;
  }

  async all(): Promise<readonly JournalEntry[]> {
    const keys = Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index) ?? "");
    return keys.filter((key) => key.startsWith(prefix)).map((key) => this.#read(key)).filter((entry) => entry !== undefined);
  }

  async get(id: string): Promise<JournalEntry | undefined> {
    return this.#read(prefix + id);
  }

  async put(entry: JournalEntry): Promise<void> {
    this.#write(entry);
  }

  async update(id: string, change: (entry: JournalEntry) => Partial<JournalEntry>): Promise<JournalEntry | undefined> {
    // Nothing is awaited between read and write: local storage makes that one step for every tab.
    const entry = this.#read(prefix + id);
    if (entry === undefined) return undefined;
    return this.#write({ ...entry, ...change(entry) });
  }

  async remove(id: string): Promise<void> {
    this.#storage.removeItem(prefix + id);
  }

  subscribe(listener: (id: string) => void): () => void {
    const changed = (event: StorageEvent) => {
      if (event.storageArea === this.#storage && event.key?.startsWith(prefix)) listener(event.key.slice(prefix.length));
    };
    addEventListener("storage", changed);
    return () => removeEventListener("storage", changed);
  }

  #read(key: string): JournalEntry | undefined {
    const text = this.#storage.getItem(key);
    if (text === null) return undefined;
    try {
      return JSON.parse(text) as JournalEntry;
    } catch {
      // Half an entry (edited by hand, or another program's) can never be sent; keeping it would fail every start.
      this.#storage.removeItem(key);
      return undefined;
    }
  }

  #write(entry: JournalEntry): JournalEntry {
    try {
      this.#storage.setItem(prefix + entry.id, JSON.stringify(entry));
      return entry;
    } catch (cause) {
      throw new JournalError("This browser did not let us keep the request.", { cause });
    }
  }
}
