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

describe("a page that is open for long", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `01923456-0000-7fff-8000-${String(index).padStart(12, "0")}`);

  it("keeps no events of requests that nobody watches, and reads them when somebody does", async () => {
    const [other] = many(1) as [string];
    const event = server.append(other, "request-accepted");
    channel.sink?.changed({ id: other, from: 0, events: [event], status: server.document(other), cursor: "" });
    expect(client.observe(other).get().events).toEqual([]);
    client.observe(other).subscribe(() => {});
    await settle();
    expect(client.observe(other).get().events).toEqual([event]);
  });

  it("lets go of the events of those that were watched long ago", async () => {
    for (const other of many(32)) {
      server.append(other, "request-accepted");
      const unsubscribe = client.observe(other).subscribe(() => {});
      await settle();
      unsubscribe();
    }
    expect(many(32).map((other) => client.observe(other).get().events.length)).toEqual([0, 0, ...Array<number>(30).fill(1)]);
  });

  it("reads all of the open requests that are older than the list, one part after the other", async () => {
    for (const other of many(50)) {
      server.append(other, "request-accepted");
      channel.sink?.changed({ id: other, from: 0, events: [], status: server.document(other), cursor: "" });
      server.append(other, "request-succeeded", { result: {} });
    }
    for (let round = 0; round < 4; round++) {
      server.instead("GET /requests?", { status: 200, body: { requests: [] } });
      await channel.sink?.refresh(followed.page.signal);
    }
    expect(many(50).filter((other) => client.observe(other).get().status?.status !== "Succeeded")).toEqual([]);
  });
});

describe("the place where a connection goes on", () => {
  it("stays before what may have been missed, until that is read", async () => {
    push("attempt-started");
    expect(channel.sink?.position().since).toBe("c2");
    // A push may come before the answer that tells what happened meanwhile, and that answer never.
    push("progress-reported");
    expect(channel.sink?.position().since).toBe("c2");
    await channel.sink?.synced({ changes: [], requests: [], cursor: "c3" }, followed.page.signal);
    push("progress-reported");
    expect(channel.sink?.position().since).toBe("c4");
  });

  it("is read from the list as long as there is none", async () => {
    const before = server.count("GET /requests?");
    await channel.sink?.synced({ changes: [], requests: [], cursor: "c1" }, followed.page.signal);
    expect(server.count("GET /requests?")).toBe(before + 1);
    await channel.sink?.synced({ changes: [], requests: [], cursor: "c2" }, followed.page.signal);
    expect(server.count("GET /requests?")).toBe(before + 1);
  });
});

describe("more open requests than a connection may name", () => {
  it("are read from the list when it is back", async () => {
    push("attempt-started");
    const status = server.document(id);
    for (let index = 0; index < 1000; index++) channel.sink?.changed({ id: `open-${index}`, from: 1, events: [], status: { ...status, id: `open-${index}` }, cursor: "" });
    expect(Object.keys(channel.sink?.position().known ?? {})).toHaveLength(1000);
    const before = server.count("GET /requests?");
    await channel.sink?.synced({ changes: [], requests: [], cursor: "c3" }, followed.page.signal);
    expect(server.count("GET /requests?")).toBe(before + 1);
  });

  it("are told of by the pages of the list, and those that are in none are read one by one", async () => {
    const status = server.document(id);
    const ids = Array.from({ length: 1010 }, (_, index) => `open-${index}`);
    for (const one of ids) channel.sink?.changed({ id: one, from: 0, events: [], status: { ...status, id: one }, cursor: "" });
    const listed = ids.slice(0, 1000).map((one) => ({ ...status, id: one, version: 7 }));
    const page = (from: number, more: boolean) => ({
      status: 200,
      body: { requests: [...listed.slice(from, from + 200), { ...status, id: `unasked-${from}` }] },
      ...(more && { headers: { Link: `<https://any/requests?limit=200&cursor=${from}>; rel="next"` } }),
    });
    server.instead("GET /requests?", ...[0, 200, 400, 600, 800].map((from) => page(from, from < 800)));
    server.calls.length = 0;
    await channel.sink?.synced({ changes: [], requests: [], cursor: "c3" }, followed.page.signal);
    expect(ids.filter((one) => client.observe(one).get().status?.version === 7)).toHaveLength(1000);
    expect(server.calls.filter((call) => call.startsWith("GET /requests?"))).toHaveLength(5);
    // What is on the next pages and is known to nobody here stays out of the list; what is in none of them is gone.
    expect(client.requests.get().filter((view) => view.id.startsWith("unasked")).map((view) => view.id)).toEqual(["unasked-0"]);
    expect(server.calls.filter((call) => /^GET \/requests\/open-10\d\d$/.test(call))).toHaveLength(10);
    expect(ids.slice(1000).map((one) => client.observe(one).get().phase.at)).toEqual(Array(10).fill("not-found"));
  });
});
