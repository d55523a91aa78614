import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { JournalError } from "../src/index.js";
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

  it("while the request is just about to leave stops it there or at the server, never neither", async () => {
    const get = pages.journal.get.bind(pages.journal);
    // An answer from the disk is old by the time it is here.
    pages.journal.get = async (id) => {
      const entry = await get(id);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return entry;
    };
    for (const moment of [0, 25, 60, 75, 90, 110, 140]) {
      const client = pages.load();
      await settle();
      const id = await client.submit("echo", {});
      await settle(moment);
      await Promise.all([client.cancel(id), settle(10_000)]);
      const isKnown = pages.server.streams.has(id);
      expect([moment, isKnown && pages.server.document(id).status]).toEqual([moment, isKnown && "Canceled"]);
      expect((await get(id))?.state).toBe(isKnown ? "accepted" : undefined);
      pages.close();
    }
  });
});

describe("where nothing can be kept on this device", () => {
  const id = "01923456-789a-7fff-bfff-ffffffffffff";
  beforeEach(() => {
    const broken = () => Promise.reject(new JournalError("private"));
    Object.assign(pages.journal, { all: broken, get: broken, put: broken, update: broken, remove: broken });
    pages.server.append(id, "request-accepted");
  });
  afterEach(() => expect(pages.unheard.splice(0)).toEqual([expect.any(JournalError)]));

  it("a request can be watched and canceled all the same", async () => {
    const client = pages.load();
    const seen = client.observe(id);
    seen.subscribe(() => {});
    await settle();
    expect(seen.get().events).toHaveLength(1);
    await client.cancel(id);
    await settle();
    expect(seen.get().status?.status).toBe("Canceled");
  });

  it("an id that the server does not know is not found", async () => {
    const client = pages.load();
    const other = client.observe("01923456-789a-7fff-bfff-000000000000");
    other.subscribe(() => {});
    await settle();
    expect(other.get().phase.at).toBe("not-found");
  });
});
