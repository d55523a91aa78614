import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FeedbackClient, JournalError, MemoryJournal, MemoryShelf } from "../src/index.js";
import { ScriptedChannel } from "./scriptedChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

let server: ScriptedServer;
let journal: MemoryJournal;
let shelf: MemoryShelf;
let page: AbortController;
const unheard: unknown[] = [];

/** A page load: a new client over the same journal and shelf. */
function load(): FeedbackClient {
  page = new AbortController();
  const exclusive = (_name: string, _signal: AbortSignal, work: () => Promise<void>) => work();
  const parts = { api: server.api, journal, shelf, channels: [new ScriptedChannel()], exclusive };
  const client = new FeedbackClient({ ...parts, random: () => 0.5, onError: (error) => unheard.push(error) });
  void client.run(page.signal);
  return client;
}

const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  [server, journal, shelf] = [new ScriptedServer(), new MemoryJournal(), new MemoryShelf()];
});
afterEach(() => {
  page.abort();
  vi.useRealTimers();
  expect(unheard.splice(0)).toEqual([]);
});

describe("a submitted request", () => {
  it("is in the journal before anything leaves", async () => {
    server.isDown = true;
    const id = await load().submit("echo", { text: "hi" });
    expect(await journal.get(id)).toMatchObject({ kind: "echo", payload: { text: "hi" }, state: "open" });
    expect(server.streams.size).toBe(0);
  });

  it("is not sent when it could not be written down", async () => {
    const client = load();
    journal.put = () => Promise.reject(new JournalError("full"));
    await expect(client.submit("echo", {})).rejects.toBeInstanceOf(JournalError);
    await settle();
    expect(server.count("PUT")).toBe(0);
  });

  it("is accepted under its own id, with a trace that began here", async () => {
    const client = load();
    const id = await client.submit("echo", { text: "hi" });
    await settle();
    expect(client.observe(id).get()).toMatchObject({ phase: { at: "accepted" }, status: { status: "Pending" } });
    expect(server.bodies.get(id)).toEqual({ kind: "echo", payload: { text: "hi" } });
    expect(server.headers.get(`PUT /requests/${id}`)?.get("traceparent")).toMatch(/^00-/);
  });

  it("is sent again with the same id after its answer was cut off, and runs once", async () => {
    server.cutOff("PUT /requests");
    const client = load();
    await settle();
    const id = await client.submit("echo", {});
    await settle();
    expect(client.observe(id).get().phase).toMatchObject({ at: "waiting", reason: "unreachable" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(server.count(`PUT /requests/${id}`)).toBe(2);
    expect(server.streams.get(id)).toHaveLength(1);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });

  it("is sent by the next page when this one is gone before the answer", async () => {
    server.isDown = true;
    const id = await load().submit("echo", { text: "later" });
    await settle();
    page.abort();
    server.isDown = false;
    const next = load();
    await settle();
    expect(next.observe(id).get().phase.at).toBe("accepted");
    expect(server.bodies.get(id)).toEqual({ kind: "echo", payload: { text: "later" } });
  });

  it("waits as long as the server asks", async () => {
    server.instead("PUT", { status: 503, body: { title: "Overloaded" }, headers: { "Retry-After": "10" } });
    const client = load();
    const id = await client.submit("echo", {});
    await vi.advanceTimersByTimeAsync(9_900);
    expect(client.observe(id).get().phase).toMatchObject({ at: "waiting", reason: "busy" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });

  it("is not sent again once refused, and can be dismissed", async () => {
    server.instead("PUT", { status: 400, body: { title: "Invalid payload" } });
    const client = load();
    const id = await client.submit("echo", {});
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.observe(id).get().phase).toMatchObject({ at: "refused", problem: { title: "Invalid payload", status: 400 } });
    expect(server.count("PUT")).toBe(1);
    await client.dismiss(id);
    await settle();
    expect(client.requests.get()).toEqual([]);
  });

  it("asks for an identity once, before anything else", async () => {
    const client = load();
    await Promise.all([client.submit("echo", {}), client.submit("echo", {})]);
    await settle();
    expect(server.calls[0]).toBe("GET /me");
    expect(server.identities).toBe(1);
  });

  it("survives the loss of its cookie", async () => {
    server.instead("PUT", { status: 401, body: { title: "Who are you?" } });
    const client = load();
    const id = await client.submit("echo", {});
    await settle();
    expect(server.identities).toBe(2);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });
});

describe("a request with a file", () => {
  const file = () => new File(["a,b\n1,2\n"], "numbers.csv");

  it("uploads first, under an id of this device's making", async () => {
    const client = load();
    const id = await client.submit("csv-profile", {}, { files: { file: file() } });
    await settle();
    const { payload } = server.bodies.get(id) as { payload: { file: string } };
    expect(await server.files.get(payload.file)?.text()).toBe("a,b\n1,2\n");
    expect(server.calls.findIndex((call) => call.startsWith("PUT /files"))).toBeLessThan(server.calls.indexOf(`PUT /requests/${id}`));
  });

  it("goes on with its upload on the next page", async () => {
    server.isDown = true;
    const id = await load().submit("csv-profile", {}, { files: { file: file() } });
    await settle();
    page.abort();
    server.isDown = false;
    const next = load();
    await settle();
    expect(next.observe(id).get().phase.at).toBe("accepted");
    expect(server.files.size).toBe(1);
  });

  it("asks for the file again when its bytes went with the page", async () => {
    shelf.put = () => Promise.resolve(false);
    server.isDown = true;
    const id = await load().submit("csv-profile", {}, { files: { file: file() } });
    await settle();
    page.abort();
    server.isDown = false;
    const next = load();
    await settle();
    expect(next.observe(id).get().phase).toEqual({ at: "file-lost", name: "numbers.csv" });
    await next.provideFile(id, file());
    await settle();
    expect(next.observe(id).get().phase.at).toBe("accepted");
  });
});

describe("a cancellation", () => {
  it("before anything was sent leaves nothing behind", async () => {
    server.isDown = true;
    const client = load();
    const id = await client.submit("csv-profile", {}, { files: { file: new File(["a"], "a.csv") } });
    await client.cancel(id);
    server.isDown = false;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await journal.get(id)).toBeUndefined();
    expect(server.count("PUT")).toBe(0);
  });

  it("while the outcome of the PUT is unknown reaches the server after it", async () => {
    server.cutOff("PUT /requests");
    const client = load();
    const id = await client.submit("echo", {});
    await settle();
    await client.cancel(id);
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.document(id).status).toBe("Canceled");
  });
});
