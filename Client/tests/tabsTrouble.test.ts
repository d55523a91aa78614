import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BrowserTabs, id, other, settle, versions } from "./browserTabs.js";
import type { ScriptedServer } from "./scriptedServer.js";
import type { Tabs } from "../src/index.js";
let browser: BrowserTabs;
let server: ScriptedServer;
let open: BrowserTabs["open"];
let push: BrowserTabs["push"];
let connected: BrowserTabs["connected"];

beforeEach(() => {
  vi.useFakeTimers();
  browser = new BrowserTabs();
  ({ server, open, push, connected } = browser);
});
afterEach(async () => {
  await browser.close();
  vi.useRealTimers();
  expect(browser.unheard).toEqual([]);
});

describe("several tabs in trouble", () => {
  it("let one that is looked at connect, when the hidden one that should is in no state to", async () => {
    const [first, second] = [await open(), await open()];
    first.attention.set({ here: false });
    await settle(3_000);
    expect(connected()).toEqual([1, 0]);
    // As good as a timer that the browser holds back for a minute.
    first.channel.open = () => new Promise(() => {});
    first.channel.lose();
    await settle(5_000);
    expect(second.channel.opened).toBe(1);
    expect(second.client.connection.get().state).toBe("live");
    await settle(60_000);
    expect(first.client.connection.get().state).toBe("live");
    expect(second.channel.opened).toBe(1);
  });

  it("hear of a request that only they know, from a connection that polls", async () => {
    server.append(other, "request-accepted");
    const [first, second] = [await open({ polls: true }), await open()];
    server.instead("GET /requests?", ...Array.from({ length: 99 }, () => ({ status: 200, body: { requests: [server.document(id)] } })));
    second.client.observe(other).subscribe(() => {});
    await settle();
    server.append(other, "request-succeeded", { result: {} });
    await first.channel.sink?.refresh(new AbortController().signal);
    await settle();
    expect(second.client.observe(other).get().status?.status).toBe("Succeeded");
  });

  it("catch up at once with a new connection, however long they were going to wait after what failed with the last one", async () => {
    const [first, second] = [await open(), await open()];
    server.instead("GET /requests?", ...Array.from({ length: 8 }, () => ({ status: 503 })));
    first.channel.lose();
    await settle(20_000);
    expect([first, second].map(({ client }) => client.connection.get().state)).toEqual(["live", "catching-up"]);
    server.instead("GET /requests?");
    first.channel.lose();
    await settle(1_000);
    expect([first, second].map(({ client }) => client.connection.get().state)).toEqual(["live", "live"]);
  });

  it("miss nothing when the one that has the connection dies before they have caught up with it", async () => {
    const [first, second] = [await open(), await open()];
    const since: (string | null)[] = [];
    const { sync } = second.channel;
    second.channel.sync = (position) => {
      since.push(position.since);
      return sync?.(position) ?? { changes: [], requests: [], cursor: "" };
    };
    push(first, "attempt-started");
    await settle();
    first.channel.lose();
    server.append(other, "request-accepted");
    server.instead("GET /requests?", ...Array.from({ length: 3 }, () => ({ status: 503, body: { title: "Later." } })));
    await settle(400);
    expect(first.client.connection.get().state).toBe("live");
    push(first, "progress-reported");
    await settle();
    expect(second.client.requests.get()).toHaveLength(1);
    first.crash();
    await settle(100);
    expect(since).toEqual(["c2"]);
  });

  it("have a connection each where the browser forbids what they share", async () => {
    const locks = { request: () => Promise.reject(new DOMException("sandboxed", "SecurityError")) } as unknown as Tabs["locks"];
    const tab = await open({ locks });
    expect(tab.client.connection.get().state).toBe("live");
  });
});

describe("the tab that has the connection", () => {
  it("tells nobody of changes while it is alone, and tells those that come", async () => {
    const first = await open();
    for (const type of ["attempt-started", "progress-reported"]) push(first, type);
    await settle();
    expect(browser.saidChanges()).toBe(0);
    const second = await open();
    push(first, "progress-reported");
    await settle();
    expect(browser.saidChanges()).toBe(1);
    expect(second.client.requests.get()[0]?.status?.version).toBe(4);
    second.crash();
    await settle(200_000);
    push(first, "progress-reported");
    expect(browser.saidChanges()).toBe(1);
  });

  it("goes on telling one that is hidden, whose timers fire once a minute", async () => {
    const [first, second] = [await open(), await open()];
    second.attention.set({ here: false });
    await settle(300_000);
    push(first, "attempt-started");
    await settle();
    expect(second.client.requests.get()[0]?.status?.version).toBe(2);
  });

  it("has told one too little that was asleep, which reads it when it is back", async () => {
    const [first, second] = [await open(), await open()];
    second.client.observe(id).subscribe(() => {});
    second.attention.set({ here: false });
    second.freeze();
    await settle(200_000);
    push(first, "attempt-started");
    second.thaw();
    await settle();
    expect([browser.saidChanges(), versions(second)]).toEqual([0, [1]]);
    second.attention.set({ here: true });
    await settle();
    expect(versions(second)).toEqual([1, 2]);
    expect(second.client.connection.get().state).toBe("live");
  });

  it("asks whether it lives as soon as somebody looks, and connects anew when there is no answer", async () => {
    const first = await open({ answers: true });
    first.attention.set({ here: false });
    await settle(60_000);
    first.channel.answers = false;
    first.attention.set({ here: true });
    await settle(4_000);
    expect(first.client.connection.get()).toEqual({ state: "live", channel: "websocket", isInDoubt: true });
    first.channel.answers = true;
    await settle(2_000);
    expect([first.channel.opened, first.client.connection.get()]).toEqual([2, { state: "live", channel: "websocket" }]);
  });

  it("leaves it to one that is looked at, when it is hidden and has no answer itself", async () => {
    const [first, second] = [await open({ answers: true }), await open({ answers: true })];
    for (const { attention } of [first, second]) attention.set({ here: false });
    await settle(60_000);
    first.channel.answers = false;
    server.append(id, "attempt-started");
    second.attention.set({ here: true });
    await settle(2_500);
    expect(connected()).toEqual([1, 1]);
    expect(second.client.connection.get()).toEqual({ state: "live", channel: "websocket" });
    expect(second.client.requests.get()[0]?.status?.version).toBe(2);
  });
});
