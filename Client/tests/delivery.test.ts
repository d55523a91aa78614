import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api, JournalError, UnreachableError } from "../src/index.js";
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

describe("a client that is stopped and run again at once", () => {
  it("goes on with what was just being sent", async () => {
    const client = pages.load();
    await settle();
    const submit = pages.server.api.submit.bind(pages.server.api);
    vi.spyOn(pages.server.api, "submit").mockImplementationOnce(
      (_entry, signal) => new Promise((_, reject) => signal?.addEventListener("abort", () => setTimeout(reject, 100, new DOMException("Stopped.", "AbortError")))),
    ).mockImplementation(submit);
    const id = await client.submit("echo", {});
    await settle();
    pages.close();
    pages.run(client);
    await settle(200);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });
});

describe("what stands between here and the server", () => {
  const page = "<html><h1>Not found</h1></html>";

  it("does not refuse a request: a page for people is no answer of the server's", async () => {
    pages.server.instead("PUT /requests", { status: 404, body: page }, { status: 403, body: page }, { status: 200, body: page });
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle();
    expect(client.observe(id).get().phase).toMatchObject({ at: "waiting", reason: "unreachable" });
    await settle(10_000);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });

  it("refuses what is too large for it", async () => {
    pages.server.instead("PUT /requests", { status: 413, body: page });
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle();
    expect(client.observe(id).get().phase).toMatchObject({ at: "refused", problem: { status: 413 } });
  });

  it("has not taken a file by saying that all is well", async () => {
    const api = new Api({
      fetch: (input, init) => fetch(String(input), init),
      sendFile: () => Promise.resolve({ status: 200, text: page, retryAfter: null }),
    });
    vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ id: "g", kind: "guest" }))));
    await expect(api.upload({ id: "f", name: "f.csv" }, new Blob(["a"]), () => {}, new AbortController().signal)).rejects.toBeInstanceOf(UnreachableError);
    vi.unstubAllGlobals();
  });

  it("does not make a request unknown that the server knows", async () => {
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle();
    pages.server.instead("GET /requests/", { status: 404, body: page });
    await client.cancel(id).catch(() => undefined);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });
});

describe("a request of which this device never heard the end", () => {
  it("is refused as gone, and not run again, when the server has kept it long enough", async () => {
    pages.server.isDown = true;
    const id = await pages.load().submit("echo", {});
    pages.close();
    pages.server.isDown = false;
    pages.server.instead("PUT", { status: 410, body: { type: "/problems/gone", title: "The request is past its retention." } });
    const next = pages.load();
    await settle();
    expect(next.observe(id).get().phase).toMatchObject({ at: "refused", problem: { status: 410 } });
    expect(pages.server.streams.has(id)).toBe(false);
  });
});

describe("a journal that fails in the middle", () => {
  it("keeps the request from being sent only until it works again, and says so once", async () => {
    const client = pages.load();
    await settle();
    const id = await client.submit("echo", {});
    const update = pages.journal.update.bind(pages.journal);
    pages.journal.update = () => Promise.reject(new JournalError("full"));
    await settle(5000);
    expect(pages.server.count("PUT")).toBe(0);
    pages.journal.update = update;
    await settle(30_000);
    expect(client.observe(id).get().phase.at).toBe("accepted");
    expect(pages.unheard.splice(0)).toHaveLength(1);
  });
});

describe("a token that runs out in the middle", () => {
  it("is followed by a fresh one, and the request goes on under its id", async () => {
    let count = 0;
    pages.server.api = pages.server.load(() => `token-${++count}`);
    pages.server.instead("PUT", { status: 401, body: { title: "Expired." } });
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle(1000);
    expect(client.observe(id).get().phase.at).toBe("accepted");
    expect(pages.server.count(`PUT /requests/${id}`)).toBe(2);
    expect(pages.server.headers.get(`PUT /requests/${id}`)?.get("Authorization")).toBe(`Bearer token-${count}`);
  });
});
