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

describe("a submitted request", () => {
  it("is in the journal before anything leaves", async () => {
    pages.server.isDown = true;
    const id = await pages.load().submit("echo", { text: "hi" });
    expect(await pages.journal.get(id)).toMatchObject({ kind: "echo", payload: { text: "hi" }, state: "open" });
    expect(pages.server.streams.size).toBe(0);
  });

  it("is not sent when it could not be written down", async () => {
    const client = pages.load();
    pages.journal.put = () => Promise.reject(new JournalError("full"));
    await expect(client.submit("echo", {})).rejects.toBeInstanceOf(JournalError);
    await settle();
    expect(pages.server.count("PUT")).toBe(0);
  });

  it("is accepted under its own id, with a trace that began here", async () => {
    const client = pages.load();
    const id = await client.submit("echo", { text: "hi" });
    await settle();
    expect(client.observe(id).get()).toMatchObject({ phase: { at: "accepted" }, status: { status: "Pending" } });
    expect(pages.server.bodies.get(id)).toEqual({ kind: "echo", payload: { text: "hi" } });
    expect(pages.server.headers.get(`PUT /requests/${id}`)?.get("traceparent")).toMatch(/^00-/);
  });

  it("is sent again with the same id after its answer was cut off, and runs once", async () => {
    pages.server.cutOff("PUT /requests");
    const client = pages.load();
    await settle();
    const id = await client.submit("echo", {});
    await settle();
    expect(client.observe(id).get().phase).toMatchObject({ at: "waiting", reason: "unreachable" });
    await settle(1000);
    expect(pages.server.count(`PUT /requests/${id}`)).toBe(2);
    expect(pages.server.streams.get(id)).toHaveLength(1);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });

  it("is sent by the next page when this one is gone before the answer", async () => {
    pages.server.isDown = true;
    const id = await pages.load().submit("echo", { text: "later" });
    await settle();
    pages.close();
    pages.server.isDown = false;
    const next = pages.load();
    await settle();
    expect(next.observe(id).get().phase.at).toBe("accepted");
    expect(pages.server.bodies.get(id)).toEqual({ kind: "echo", payload: { text: "later" } });
  });

  it("is never unknown to a page that looks at it while its journal is still being read", async () => {
    pages.server.isDown = true;
    const id = await pages.load().submit("echo", {});
    await settle();
    pages.close();
    pages.server.isDown = false;
    const all = pages.journal.all.bind(pages.journal);
    pages.journal.all = () => new Promise((resolve) => setTimeout(() => resolve(all()), 500));
    const next = pages.load();
    const phases = new Set<string>();
    const listed = new Set<string>();
    next.observe(id).subscribe(() => phases.add(next.observe(id).get().phase.at));
    next.requests.subscribe(() => next.requests.get().forEach((view) => listed.add(view.createdAt)));
    await settle(2000);
    const [asked, sent] = ["GET", "PUT"].map((method) => pages.server.calls.lastIndexOf(`${method} /requests/${id}`));
    expect(asked === -1 || (asked ?? 0) > (sent ?? 0)).toBe(true);
    expect([...phases]).toEqual(["sending", "accepted"]);
    expect(listed).not.toContain("");
  });

  it("waits as long as the server asks", async () => {
    pages.server.instead("PUT", { status: 503, body: { title: "Overloaded" }, headers: { "Retry-After": "10" } });
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle(9_900);
    expect(client.observe(id).get().phase).toMatchObject({ at: "waiting", reason: "busy" });
    await settle(1000);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });

  it("is not sent again once refused, and can be dismissed", async () => {
    pages.server.instead("PUT", { status: 400, body: { title: "Invalid payload" } });
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle(60_000);
    expect(client.observe(id).get().phase).toMatchObject({ at: "refused", problem: { title: "Invalid payload", status: 400 } });
    expect(pages.server.count("PUT")).toBe(1);
    await client.dismiss(id);
    await settle();
    expect(client.requests.get()).toEqual([]);
  });

  it("asks for an identity once, before anything else", async () => {
    const client = pages.load();
    await Promise.all([client.submit("echo", {}), client.submit("echo", {})]);
    await settle();
    expect(pages.server.calls[0]).toBe("GET /me");
    expect(pages.server.identities).toBe(1);
  });

  it("survives the loss of its cookie", async () => {
    pages.server.instead("PUT", { status: 401, body: { title: "Who are you?" } });
    const client = pages.load();
    const id = await client.submit("echo", {});
    await settle();
    expect(pages.server.identities).toBe(2);
    expect(client.observe(id).get().phase.at).toBe("accepted");
  });
});

describe("many requests", () => {
  it("leave three at a time, so that none waits in the browser until its time is up", async () => {
    const client = pages.load();
    await settle();
    let [now, most] = [0, 0];
    const submit = pages.server.api.submit.bind(pages.server.api);
    vi.spyOn(pages.server.api, "submit").mockImplementation(async (...call) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 100));
      now--;
      return await submit(...call);
    });
    const ids = await Promise.all(Array.from({ length: 20 }, () => client.submit("echo", {})));
    await settle(800);
    expect(most).toBe(3);
    expect(ids.map((id) => client.observe(id).get().phase.at)).toEqual(Array(20).fill("accepted"));
  });
});

describe("a client", () => {
  it("refuses what JSON cannot say, before anything is written", async () => {
    await expect(pages.load().submit("echo", { count: 1n })).rejects.toBeInstanceOf(TypeError);
    expect(await pages.journal.all()).toEqual([]);
  });

  it("writes nothing for who has stopped already", async () => {
    const stopped = AbortSignal.abort();
    await expect(pages.load().submit("echo", {}, { signal: stopped })).rejects.toMatchObject({ name: "AbortError" });
    expect(await pages.journal.all()).toEqual([]);
  });

  it("shows what the server has although the journal cannot be read", async () => {
    pages.server.append("01923456-789a-7fff-bfff-ffffffffffff", "request-accepted");
    pages.journal.all = () => Promise.reject(new JournalError("broken"));
    const client = pages.load();
    await settle();
    expect(client.requests.get()).toHaveLength(1);
    expect(pages.unheard.splice(0)).toEqual([expect.any(JournalError)]);
  });

  it("throws away what the server has forgotten by now", async () => {
    const id = await pages.load().submit("echo", {});
    await settle();
    pages.server.append(id, "request-succeeded", { result: {} });
    await pages.load().observe(id).ended();
    await settle();
    expect((await pages.journal.get(id))?.expiresAt).toBeDefined();
    await settle(25 * 60 * 60 * 1000);
    pages.close();
    pages.load();
    await settle();
    expect(await pages.journal.all()).toEqual([]);
  });
});
