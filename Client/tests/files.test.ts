import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileNotKeptError, MemoryJournal, MemoryShelf, UnreachableError } from "../src/index.js";
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

describe("a request with a file", () => {
  const file = () => new File(["a,b\n1,2\n"], "numbers.csv");

  it("uploads first, under an id of this device's making", async () => {
    const client = pages.load();
    const id = await client.submit("csv-profile", {}, { files: { file: file() } });
    await settle();
    const { payload } = pages.server.bodies.get(id) as { payload: { file: string } };
    expect(await pages.server.files.get(payload.file)?.text()).toBe("a,b\n1,2\n");
    expect(pages.server.calls.findIndex((call) => call.startsWith("PUT /files"))).toBeLessThan(pages.server.calls.indexOf(`PUT /requests/${id}`));
  });

  it.each([
    ["Umsätze (2026)'s *best*.csv", "Umsätze (2026)'s *best*.csv"],
    ["half\uD800.csv", "half\uFFFD.csv"],
    [`${"a".repeat(300)}.csv`, "a".repeat(255)],
  ])("is called %s on every device of its person", async (name, known) => {
    const client = pages.load();
    await client.submit("csv-profile", {}, { files: { file: new File(["a"], name) }, label: "mine" });
    await settle();
    expect(client.requests.get().map(({ label }) => label)).toEqual(["mine"]);
    pages.close();
    const other = pages.load(new MemoryJournal());
    await settle();
    expect(other.requests.get().map(({ label }) => label)).toEqual([known]);
  });

  it("goes on with its upload on the next page", async () => {
    pages.server.isDown = true;
    const id = await pages.load().submit("csv-profile", {}, { files: { file: file() } });
    await settle();
    pages.close();
    pages.server.isDown = false;
    const next = pages.load();
    await settle();
    expect(next.observe(id).get().phase.at).toBe("accepted");
    expect(pages.server.files.size).toBe(1);
  });

  it("asks for the file again when its bytes went with the page", async () => {
    pages.shelf.put = () => Promise.resolve(false);
    pages.server.isDown = true;
    const id = await pages.load().submit("csv-profile", {}, { files: { file: file() } });
    await settle();
    pages.close();
    pages.server.isDown = false;
    const next = pages.load();
    await settle();
    expect(next.observe(id).get().phase).toEqual({ at: "file-lost", name: "numbers.csv" });
    await next.provideFile(id, file());
    await settle();
    expect(next.observe(id).get().phase.at).toBe("accepted");
  });
});

describe("a file that this device does not keep", () => {
  const large = () => new File([new Uint8Array(8)], "large.csv");
  beforeEach(() => (pages.shelf.put = () => Promise.resolve(false)));

  it("is refused at once without a connection, and nothing is left of the request", async () => {
    pages.server.isDown = true;
    const client = pages.load();
    await settle();
    const refusal = await client.submit("csv-profile", {}, { files: { file: large() } }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(FileNotKeptError);
    expect(refusal).toMatchObject({ file: "large.csv", size: 8 });
    expect(await pages.journal.all()).toEqual([]);
    expect(client.requests.get()).toEqual([]);
  });

  it("is uploaded with one, and the page is asked to stay open until then", async () => {
    const client = pages.load();
    await settle();
    pages.server.isDown = true;
    const id = await client.submit("csv-profile", {}, { files: { file: large() } });
    expect(client.observe(id).get().keepOpen).toBe(true);
    pages.server.isDown = false;
    await settle(1000);
    expect(client.observe(id).get()).toMatchObject({ phase: { at: "accepted" }, keepOpen: false });
  });
});

describe("large uploads", () => {
  it("do not hold up requests without a file, and go two at a time", async () => {
    const client = pages.load();
    await settle();
    let [now, most] = [0, 0];
    vi.spyOn(pages.server.api, "upload").mockImplementation(async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      now--;
    });
    const large = await Promise.all(Array.from({ length: 6 }, () => client.submit("csv-profile", {}, { files: { file: new File(["a"], "a.csv") } })));
    const small = await client.submit("echo", {});
    await settle(1000);
    expect(client.observe(small).get().phase.at).toBe("accepted");
    expect(large.map((id) => client.observe(id).get().phase.at)).toEqual(Array(6).fill("uploading"));
    await settle(180_000);
    expect(large.map((id) => client.observe(id).get().phase.at)).toEqual(Array(6).fill("accepted"));
    expect(most).toBe(2);
  });
});

describe("a file that is brought again", () => {
  const lost = async () => {
    pages.shelf.put = () => Promise.resolve(false);
    const first = pages.load();
    await settle();
    pages.server.isDown = true;
    const files = { one: new File(["1"], "one.csv"), two: new File(["2"], "two.csv") };
    const id = await first.submit("checkout", { note: "n" }, { files });
    await settle();
    pages.close();
    const entry = await pages.journal.get(id);
    // The first of the two is still there.
    pages.shelf.put = MemoryShelf.prototype.put.bind(pages.shelf);
    await pages.shelf.put(entry?.uploads[0]?.id ?? "", files.one);
    pages.server.isDown = false;
    const client = pages.load();
    await settle();
    expect(client.observe(id).get().phase).toEqual({ at: "file-lost", name: "two.csv" });
    return { client, id, uploads: entry?.uploads ?? [] };
  };

  it("takes the place of the one that was lost, under an id of its own", async () => {
    const { client, id, uploads } = await lost();
    await client.provideFile(id, new File(["another 2"], "two-again.csv"));
    await settle();
    const { payload } = pages.server.bodies.get(id) as { payload: { note: string; one: string; two: string } };
    expect([payload.note, payload.one]).toEqual(["n", uploads[0]?.id]);
    expect(payload.two).not.toBe(uploads[1]?.id);
    expect(await pages.server.files.get(payload.two)?.text()).toBe("another 2");
  });

  it("does not keep the page open when this device keeps it this time", async () => {
    const { client, id } = await lost();
    const isKept = async () => (await pages.journal.get(id))?.uploads.at(-1)?.kept !== false;
    expect(await isKept()).toBe(false);
    pages.server.isDown = true;
    await client.provideFile(id, new File(["2"], "two.csv"));
    expect(await isKept()).toBe(true);
  });

  it("keeps the page open when this device does not keep it either", async () => {
    const { client, id } = await lost();
    pages.shelf.put = () => Promise.resolve(false);
    pages.server.isDown = true;
    await client.provideFile(id, new File(["2"], "two.csv"));
    expect(client.observe(id).get().keepOpen).toBe(true);
  });

  it("is refused without a connection when it cannot be kept, and the request goes on waiting for it", async () => {
    const { client, id } = await lost();
    pages.shelf.put = () => Promise.resolve(false);
    pages.close();
    await settle();
    pages.attention.set({ online: false });
    await expect(client.provideFile(id, new File(["2"], "two.csv"))).rejects.toBeInstanceOf(FileNotKeptError);
    pages.attention.set({ online: true });
    pages.run(client);
    await settle();
    expect(client.observe(id).get().phase).toEqual({ at: "file-lost", name: "two.csv" });
  });

  it("is asked for when it was changed since it was chosen, instead of being tried for ever", async () => {
    pages.shelf.put = () => Promise.resolve(false);
    const client = pages.load();
    await settle();
    const changed = new File(["a"], "a.csv");
    changed.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException("changed", "NotReadableError")) }) as unknown as Blob;
    vi.spyOn(pages.server.api, "upload").mockRejectedValue(new UnreachableError("cut off"));
    const id = await client.submit("csv-profile", {}, { files: { file: changed } });
    await settle(5000);
    expect(client.observe(id).get().phase).toEqual({ at: "file-lost", name: "a.csv" });
  });
});
