import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FeedbackClient, FileNotKeptError, JournalError, MemoryJournal, MemoryShelf } from "../src/index.js";
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

  it("is never unknown to a page that looks at it while its journal is still being read", async () => {
    server.isDown = true;
    const id = await load().submit("echo", {});
    await settle();
    page.abort();
    server.isDown = false;
    const all = journal.all.bind(journal);
    journal.all = () => new Promise((resolve) => setTimeout(() => resolve(all()), 500));
    const next = load();
    const phases = new Set<string>();
    const listed = new Set<string>();
    next.observe(id).subscribe(() => phases.add(next.observe(id).get().phase.at));
    next.requests.subscribe(() => next.requests.get().forEach((view) => listed.add(view.createdAt)));
    await vi.advanceTimersByTimeAsync(2000);
    const [asked, sent] = ["GET", "PUT"].map((method) => server.calls.lastIndexOf(`${method} /requests/${id}`));
    expect(asked === -1 || (asked ?? 0) > (sent ?? 0)).toBe(true);
    expect([...phases]).toEqual(["sending", "accepted"]);
    expect(listed).not.toContain("");
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

describe("a file that this device does not keep", () => {
  const large = () => new File([new Uint8Array(8)], "large.csv");
  beforeEach(() => (shelf.put = () => Promise.resolve(false)));

  it("is refused at once without a connection, and nothing is left of the request", async () => {
    server.isDown = true;
    const client = load();
    await settle();
    const refusal = await client.submit("csv-profile", {}, { files: { file: large() } }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(FileNotKeptError);
    expect(refusal).toMatchObject({ file: "large.csv", size: 8 });
    expect(await journal.all()).toEqual([]);
    expect(client.requests.get()).toEqual([]);
  });

  it("is uploaded with one, and the page is asked to stay open until then", async () => {
    const client = load();
    await settle();
    server.isDown = true;
    const id = await client.submit("csv-profile", {}, { files: { file: large() } });
    expect(client.observe(id).get().keepOpen).toBe(true);
    server.isDown = false;
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.observe(id).get()).toMatchObject({ phase: { at: "accepted" }, keepOpen: false });
  });
});

describe("many requests", () => {
  it("leave four at a time, so that none waits in the browser until its time is up", async () => {
    const client = load();
    await settle();
    let [now, most] = [0, 0];
    const submit = server.api.submit.bind(server.api);
    vi.spyOn(server.api, "submit").mockImplementation(async (...call) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 100));
      now--;
      return await submit(...call);
    });
    const ids = await Promise.all(Array.from({ length: 20 }, () => client.submit("echo", {})));
    await vi.advanceTimersByTimeAsync(600);
    expect(most).toBe(4);
    expect(ids.map((id) => client.observe(id).get().phase.at)).toEqual(Array(20).fill("accepted"));
  });
});

describe("a client", () => {
  it("refuses what JSON cannot say, before anything is written", async () => {
    await expect(load().submit("echo", { count: 1n })).rejects.toBeInstanceOf(TypeError);
    expect(await journal.all()).toEqual([]);
  });

  it("writes nothing for who has stopped already", async () => {
    const stopped = AbortSignal.abort();
    await expect(load().submit("echo", {}, { signal: stopped })).rejects.toMatchObject({ name: "AbortError" });
    expect(await journal.all()).toEqual([]);
  });

  it("shows what the server has although the journal cannot be read", async () => {
    server.append("01923456-789a-7fff-bfff-ffffffffffff", "request-accepted");
    journal.all = () => Promise.reject(new JournalError("broken"));
    const client = load();
    await settle();
    expect(client.requests.get()).toHaveLength(1);
    expect(unheard.splice(0)).toEqual([expect.any(JournalError)]);
  });

  it("throws away what the server has forgotten by now", async () => {
    const id = await load().submit("echo", {});
    await settle();
    server.append(id, "request-succeeded", { result: {} });
    await load().observe(id).ended();
    await settle();
    expect((await journal.get(id))?.expiresAt).toBeDefined();
    await vi.advanceTimersByTimeAsync(25 * 60 * 60 * 1000);
    page.abort();
    load();
    await settle();
    expect(await journal.all()).toEqual([]);
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
