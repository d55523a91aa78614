import type { Journal, JournalEntry } from "./journal.js";

/** For tests, and for where nothing outlives the process, such as Node. */
export class MemoryJournal implements Journal {
  readonly #entries = new Map<string, JournalEntry>();

  all(): Promise<readonly JournalEntry[]> {
    return Promise.resolve([...this.#entries.values()]);
  }

  get(id: string): Promise<JournalEntry | undefined> {
    return Promise.resolve(this.#entries.get(id));
  }

  put(entry: JournalEntry): Promise<void> {
    this.#entries.set(entry.id, entry);
    return Promise.resolve();
  }

  update(id: string, change: (entry: JournalEntry) => Partial<JournalEntry> | undefined): Promise<JournalEntry | undefined> {
    const entry = this.#entries.get(id);
    if (entry === undefined) return Promise.resolve(undefined);
    const changed = { ...entry, ...change(entry) };
    this.#entries.set(id, changed);
    return Promise.resolve(changed);
  }

  remove(id: string): Promise<void> {
    this.#entries.delete(id);
    return Promise.resolve();
  }

  subscribe(): () => void {
    return () => {};
  }
}
