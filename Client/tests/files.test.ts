import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FileNotKeptError } from "../src/index.js";
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
