import { afterEach, describe, expect, it, vi } from "vitest";
import { RequestBook } from "../src/requests/requestBook.js";
import type { StatusDocument } from "../src/index.js";

const status = (id: string, second: number, version = 1): StatusDocument => ({
  ...{ id, kind: "echo", status: "Pending", done: false, version },
  ...{ createdAt: `2026-01-01T10:00:0${second}Z`, lastUpdatedAt: "2026-01-01T10:00:09Z" },
});
const listOf = async (book: RequestBook) => {
  await Promise.resolve();
  return book.list.get().map(({ id, status: now }) => `${id}${now?.version ?? ""}`);
};

afterEach(() => void vi.restoreAllMocks());

describe("the list", () => {
  it("has the newest first, whatever order they came in", async () => {
    const book = new RequestBook();
    for (const [id, second] of [["a", 2], ["b", 3], ["c", 1], ["d", 3]] as const) book.applyStatus(status(id, second));
    expect(await listOf(book)).toEqual(["d1", "b1", "a1", "c1"]);
  });

  it("follows a change of the time, and what comes and goes", async () => {
    const book = new RequestBook();
    for (const [id, second] of [["a", 1], ["b", 2]] as const) book.applyStatus(status(id, second));
    await listOf(book);
    book.applyStatus(status("a", 3, 2));
    expect(await listOf(book)).toEqual(["a2", "b1"]);
    book.forget("a");
    expect(await listOf(book)).toEqual(["b1"]);
    book.applyStatus(status("a", 3, 2));
    expect(await listOf(book)).toEqual(["a2", "b1"]);
  });

  it("shows a change that leaves the order as it is without looking at any time", async () => {
    const book = new RequestBook();
    for (const [id, second] of [["a", 1], ["b", 2]] as const) book.applyStatus(status(id, second));
    await listOf(book);
    const parse = vi.spyOn(Date, "parse");
    book.applyStatus(status("a", 1, 2));
    expect(await listOf(book)).toEqual(["b1", "a2"]);
    expect(parse).not.toHaveBeenCalled();
  });

  it("has a request whose time nobody knows at its end", async () => {
    const book = new RequestBook();
    book.update("a", (view) => ({ ...view, phase: { at: "waiting", retryAt: 0, reason: "busy" } }));
    for (const [id, second] of [["0", 1], ["b", 2]] as const) book.applyStatus(status(id, second));
    expect(await listOf(book)).toEqual(["b1", "01", "a"]);
  });
});
