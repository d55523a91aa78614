import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pages } from "./pages.js";

let pages: Pages;
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  pages = new Pages();
});
afterEach(() => {
  pages.close();
  vi.useRealTimers();
  expect(pages.unheard).toEqual([]);
});

describe("a cancellation", () => {
  it("before anything was sent leaves nothing behind", async () => {
    pages.server.isDown = true;
    const client = pages.load();
    const id = await client.submit("csv-profile", {}, { files: { file: new File(["a"], "a.csv") } });
    await client.cancel(id);
    pages.server.isDown = false;
    await settle(60_000);
    expect(await pages.journal.get(id)).toBeUndefined();
    expect(pages.server.count("PUT")).toBe(0);
  });

  it("while the outcome of the PUT is unknown reaches the server after it", async () => {
    pages.server.cutOff("PUT /requests");
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle();
    await client.cancel(id);
    await settle(5000);
    expect(pages.server.document(id).status).toBe("Canceled");
  });
});
