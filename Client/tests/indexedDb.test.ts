import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IndexedDbJournal, IndexedDbShelf, JournalError, type JournalEntry, uuidV7 } from "../src/index.js";

const entry: JournalEntry = {
  ...{ id: "a", kind: "echo", payload: { text: "hi" }, createdAt: "2026-01-01T00:00:00Z", traceparent: "00-1-2-01" },
  ...{ uploads: [], state: "open", tried: false },
};

beforeEach(() => void (globalThis.indexedDB = new IDBFactory()));

describe("the journal in IndexedDB", () => {
  it("gives back what it was given, also to the next page", async () => {
    await new IndexedDbJournal().put(entry);
    expect(await new IndexedDbJournal().all()).toEqual([entry]);
  });

  it("changes an entry as it is now, and none that is gone", async () => {
    const journal = new IndexedDbJournal();
    await journal.put(entry);
    await journal.update("a", ({ tried }) => ({ tried: !tried, state: "accepted" }));
    expect(await journal.get("a")).toMatchObject({ tried: true, state: "accepted" });
    await journal.remove("a");
    expect(await journal.update("a", () => ({ tried: true }))).toBeUndefined();
    expect(await journal.get("a")).toBeUndefined();
  });

  it("loses no change when two tabs change the same entry", async () => {
    const [one, two] = [new IndexedDbJournal(), new IndexedDbJournal()];
    await one.put(entry);
    await Promise.all([one.update("a", () => ({ tried: true })), two.update("a", () => ({ cancel: true }))]);
    expect(await one.get("a")).toMatchObject({ tried: true, cancel: true });
  });

  it("says so when nothing can be written, and works again when it can", async () => {
    const journal = new IndexedDbJournal();
    const working = globalThis.indexedDB;
    globalThis.indexedDB = { open: () => { throw new DOMException("private", "SecurityError"); } } as unknown as IDBFactory;
    await expect(journal.put(entry)).rejects.toBeInstanceOf(JournalError);
    globalThis.indexedDB = working;
    await journal.put(entry);
    expect(await journal.all()).toHaveLength(1);
  });

  it("opens the database again when the browser has closed it behind our back", async () => {
    const journal = new IndexedDbJournal();
    await journal.put(entry);
    const transaction = vi.spyOn(IDBDatabase.prototype, "transaction");
    transaction.mockImplementationOnce(() => {
      throw new DOMException("The connection is closing.", "InvalidStateError");
    });
    expect(await journal.get("a")).toEqual(entry);
    transaction.mockRestore();
  });

  it("says that nothing was sent when there is no room left", async () => {
    const put = vi.spyOn(IDBObjectStore.prototype, "put");
    put.mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    await expect(new IndexedDbJournal().put(entry)).rejects.toMatchObject({ name: "JournalError", message: expect.stringMatching(/not sent/) as string });
    put.mockRestore();
  });

  it("lets a newer version of the library open the database", async () => {
    const journal = new IndexedDbJournal();
    await journal.put(entry);
    const newer = await new Promise<IDBDatabase>((resolve, reject) => {
      const request = indexedDB.open("aspire-feedback", 3);
      request.onsuccess = () => resolve(request.result);
      request.onerror = request.onblocked = () => reject(new Error("kept shut"));
    });
    newer.close();
  });

  describe("beside another tab", () => {
    const [one, two] = [new IndexedDbJournal(), new IndexedDbJournal()];
    const unsubscribe: (() => void)[] = [];
    afterEach(() => unsubscribe.splice(0).forEach((stop) => stop()));

    it("tells it what was written, and itself nothing", async () => {
      const own: string[] = [];
      const told = new Promise((resolve) => unsubscribe.push(two.subscribe(resolve)));
      unsubscribe.push(one.subscribe((id) => own.push(id)));
      await one.put(entry);
      expect(await told).toBe("a");
      expect(own).toEqual([]);
    });
  });
});

describe("the shelf", () => {
  const shelved = () => new Blob(["a,b"]);

  it("keeps the bytes for the next page", async () => {
    expect(await new IndexedDbShelf().put("f", shelved())).toBe(true);
    expect(await (await new IndexedDbShelf().get("f"))?.text()).toBe("a,b");
  });

  it("says that it does not keep more than 20 MB", async () => {
    const shelf = new IndexedDbShelf();
    expect(await shelf.put("f", new Blob([new Uint8Array(20 * 1024 * 1024 + 1)]))).toBe(false);
    expect(await shelf.get("f")).toBeUndefined();
  });

  it("throws away after a day what no entry names", async () => {
    const shelf = new IndexedDbShelf();
    const now = Date.now();
    const day = 24 * 60 * 60 * 1000;
    const [named, orphan, fresh] = [uuidV7(now - 2 * day), uuidV7(now - 2 * day), uuidV7(now)];
    for (const id of [named, orphan, fresh]) await shelf.put(id, shelved());
    await shelf.removeOrphans(new Set([named]), now);
    const kept = await Promise.all([named, orphan, fresh].map(async (id) => (await shelf.get(id)) !== undefined));
    expect(kept).toEqual([true, false, true]);
  });
});
