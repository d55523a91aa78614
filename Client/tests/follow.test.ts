import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FollowedPage, id } from "./followedPage.js";
import type { ScriptedChannel } from "./scriptedChannel.js";
import type { ScriptedServer } from "./scriptedServer.js";
import type { FeedbackClient } from "../src/index.js";

let followed: FollowedPage;
let server: ScriptedServer;
let channel: ScriptedChannel;
let client: FeedbackClient;

const settle = () => vi.advanceTimersByTimeAsync(0);
const versions = () => client.observe(id).get().events.map((event) => event.version);
const push = (...event: Parameters<FollowedPage["push"]>) => followed.push(...event);

beforeEach(async () => {
  vi.useFakeTimers();
  followed = await new FollowedPage().run();
  ({ server, channel, client } = followed);
});
afterEach(() => {
  followed.page.abort();
  vi.useRealTimers();
  expect(followed.unheard).toEqual([]);
});

describe("following", () => {
  it("lists what the server has, also what another device submitted", () => {
    expect(client.requests.get().map((view) => view.id)).toEqual([id]);
  });

  it("takes pushes without asking again", async () => {
    client.observe(id).subscribe(() => {});
    await settle();
    const before = server.calls.length;
    push("attempt-started");
    push("progress-reported", { percent: 40 });
    await settle();
    expect(versions()).toEqual([1, 2, 3]);
    expect(client.observe(id).get().status?.version).toBe(3);
    expect(server.calls.length).toBe(before);
  });

  it("fills a gap in the events of what is watched", async () => {
    client.observe(id).subscribe(() => {});
    await settle();
    server.append(id, "attempt-started");
    push("progress-reported");
    await settle();
    expect(versions()).toEqual([1, 2, 3]);
  });

  it("does not load events that nobody looks at", async () => {
    server.append(id, "attempt-started");
    push("progress-reported");
    await settle();
    expect(server.count(`GET /requests/${id}/events`)).toBe(0);
    expect(client.requests.get()[0]?.status?.version).toBe(3);
  });

  it("ignores a push that comes twice or late", async () => {
    client.observe(id).subscribe(() => {});
    const early = push("attempt-started");
    push("request-succeeded", { result: { text: "hi" } });
    channel.sink?.changed(early);
    await settle();
    expect(client.observe(id).get().status?.status).toBe("Succeeded");
    expect(versions()).toEqual([1, 2, 3]);
  });

  it("tells a new connection what it knows: the open requests, and for a watched one its last event", async () => {
    push("attempt-started");
    expect(channel.sink?.position()).toEqual({ since: "c2", known: { [id]: 2 } });
    push("request-succeeded");
    expect(channel.sink?.position().known).toEqual({});
  });

  it("says not found for an id the server does not know", async () => {
    const other = client.observe("01923456-789a-7fff-bfff-000000000000");
    other.subscribe(() => {});
    await settle();
    expect(other.get().phase.at).toBe("not-found");
    expect(client.requests.get()).toHaveLength(1);
  });

  it.each([false, true])("finds the result that the list left out, large or not (%s)", async (hasLargeResults) => {
    server.hasLargeResults = hasLargeResults;
    server.append(id, "request-succeeded", { result: { text: "hi" } });
    await channel.sink?.refresh(followed.page.signal);
    expect(client.observe(id).get().status).toMatchObject({ status: "Succeeded", resultUrl: `/requests/${id}/result` });
    client.observe(id).subscribe(() => {});
    await settle();
    expect(client.observe(id).get().status?.result).toEqual({ text: "hi" });
  });

  it("is a sequence that ends with the request", async () => {
    const seen: (string | undefined)[] = [];
    const reading = (async () => {
      for await (const view of client.observe(id)) seen.push(view.status?.status);
    })();
    await settle();
    push("attempt-started");
    await settle();
    push("request-succeeded", { result: {} });
    await settle();
    await reading;
    expect([...new Set(seen)]).toEqual(["Pending", "Running", "Succeeded"]);
  });

  it("calls back once per change, and not after the unsubscribe", () => {
    const listener = vi.fn();
    const unsubscribe = client.observe(id).subscribe(listener);
    push("attempt-started");
    unsubscribe();
    push("progress-reported");
    expect(listener).toHaveBeenCalledTimes(1);
  });

  it("reads again the open requests that are older than the list", async () => {
    await client.observe(id).cancel();
    const old = "01923456-0000-7fff-bfff-000000000000";
    server.append(old, "request-accepted");
    channel.sink?.changed({ id: old, from: 0, events: [], status: server.document(old), cursor: "" });
    server.append(old, "request-succeeded", { result: {} });
    server.instead("GET /requests?", { status: 200, body: { requests: [] } });
    await channel.sink?.refresh(followed.page.signal);
    expect(client.observe(old).get().status?.status).toBe("Succeeded");
  });
});

describe("a client that is stopped and run again at once, as in React's strict mode", () => {
  it("is live when the old connection is gone, however long that takes", async () => {
    channel.closesAfterMs = 100;
    followed.page.abort();
    followed.page = new AbortController();
    void client.run(followed.page.signal);
    await vi.advanceTimersByTimeAsync(1000);
    expect(client.connection.get().state).toBe("live");
    push("attempt-started");
    expect(client.observe(id).get().status?.version).toBe(2);
  });

  it("reads on what it was just reading of a watched request", async () => {
    const stopped = () => new DOMException("Stopped.", "AbortError");
    vi.spyOn(server.api, "events").mockImplementationOnce((_id, _after, signal) => new Promise((_, reject) => signal?.addEventListener("abort", () => setTimeout(reject, 100, stopped()))));
    client.observe(id).subscribe(() => {});
    await settle();
    followed.page.abort();
    followed.page = new AbortController();
    await followed.run();
    await vi.advanceTimersByTimeAsync(50);
    expect(versions()).toEqual([1]);
  });
});

describe("the sequences of one request", () => {
  const collect = async <T>(sequence: AsyncIterable<T>) => {
    const seen: T[] = [];
    for await (const item of sequence) seen.push(item);
    return seen;
  };

  it("are its events, each once and in order, the last one too", async () => {
    const types = collect(client.observe(id).events());
    await settle();
    push("attempt-started");
    server.append(id, "progress-reported");
    push("request-succeeded", { result: {} });
    await settle();
    expect((await types).map((event) => event.type)).toEqual(["request-accepted", "attempt-started", "progress-reported", "request-succeeded"]);
  });

  it("are its output in the order in which it was written, and anew with another run", async () => {
    const pieces = collect(client.observe(id).output());
    await settle();
    for (const [run, index, chunk] of [["r1", 0, "one "], ["r1", 2, "three "], ["r1", 1, "two "], ["r2", 0, "again "]]) {
      push("output-appended", { attempt: 1, run, index, chunk });
      await settle();
    }
    push("request-succeeded", { result: {} });
    await settle();
    expect(await pieces).toEqual(["one ", "two three ", "again "]);
  });

  it("have an end, with the result", async () => {
    const end = client.observe(id).ended();
    await settle();
    push("request-succeeded", { result: { text: "hi" } });
    await settle();
    expect((await end).status).toMatchObject({ status: "Succeeded", result: { text: "hi" } });
  });

  it("stop with their signal", async () => {
    const stop = new AbortController();
    const end = client.observe(id, stop.signal).ended();
    await settle();
    stop.abort();
    await expect(end).rejects.toMatchObject({ name: "AbortError" });
  });

  it("end without the events when those do not come", async () => {
    server.instead("GET /requests/" + id + "/events", ...Array.from({ length: 50 }, () => ({ status: 503, body: { title: "no" } })));
    const end = client.observe(id).ended();
    await settle();
    server.append(id, "attempt-started");
    push("request-failed");
    await vi.advanceTimersByTimeAsync(61_000);
    expect((await end).status?.status).toBe("Failed");
  });
});
