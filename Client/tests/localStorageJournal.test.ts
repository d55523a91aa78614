import { beforeEach, describe, expect, it, vi } from "vitest";
import { JournalError, type JournalEntry, LocalStorageJournal } from "../src/index.js";

class FakeStorage implements Storage {
  readonly #items = new Map<string, string>();
  get length() {
    return this.#items.size;
  }
  key = (index: number) => [...this.#items.keys()][index] ?? null;
  getItem = (key: string) => this.#items.get(key) ?? null;
  setItem = (key: string, value: string) => void this.#items.set(key, value);
  removeItem = (key: string) => void this.#items.delete(key);
  clear = () => this.#items.clear();
}

const entry: JournalEntry = {
  ...{ id: "a", kind: "echo", payload: { text: "hi" }, createdAt: "2026-01-01T00:00:00Z", traceparent: "00-1-2-01" },
  ...{ uploads: [], state: "open", tried: false },
};
let storage: FakeStorage;
let journal: LocalStorageJournal;

beforeEach(() => {
  storage = new FakeStorage();
  journal = new LocalStorageJournal(storage);
});

describe("the journal in local storage", () => {
  it("gives back what it was given, also to the next page", async () => {
    await journal.put(entry);
    expect(await new LocalStorageJournal(storage).all()).toEqual([entry]);
  });

  it("leaves the other keys of the origin alone", async () => {
    storage.setItem("theme", "dark");
    await journal.put(entry);
    expect(await journal.all()).toHaveLength(1);
    await journal.remove("a");
    expect(storage.getItem("theme")).toBe("dark");
  });

  it("changes an entry as it is now, and none that is gone", async () => {
    await journal.put(entry);
    await journal.update("a", ({ tried }) => ({ tried: !tried, state: "accepted" }));
    expect(await journal.get("a")).toMatchObject({ tried: true, state: "accepted" });
    await journal.remove("a");
    expect(await journal.update("a", () => ({ tried: true }))).toBeUndefined();
    expect(await journal.get("a")).toBeUndefined();
  });

  it("says so when nothing can be written", async () => {
    storage.setItem = vi.fn(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(journal.put(entry)).rejects.toBeInstanceOf(JournalError);
  });

  it("drops what is no entry, rather than failing every start", async () => {
    await journal.put(entry);
    storage.setItem(storage.key(0) ?? "", "{half");
    expect(await journal.all()).toEqual([]);
    expect(storage.length).toBe(0);
  });
});
