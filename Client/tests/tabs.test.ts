import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Changed, FeedbackClient, MemoryJournal, MemoryShelf, type RequestView, type Tabs } from "../src/index.js";
import { FakeAttention } from "./fakeAttention.js";
import { FakeBrowser } from "./fakeTabs.js";
import { ScriptedChannel } from "./scriptedChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

const id = "01923456-789a-7fff-bfff-ffffffffffff";
const other = "01923456-789a-7fff-bfff-000000000000";
const unheard: unknown[] = [];
let browser: FakeBrowser;
let server: ScriptedServer;
let tabs: Tab[];

interface Tab {
  readonly client: FeedbackClient;
  readonly channel: ScriptedChannel;
  readonly attention: FakeAttention;
  readonly states: string[];
  crash(): void;
  freeze(): void;
  thaw(): void;
}

const notify = (view: RequestView) => ({ title: `${view.id} has ended` });
const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const versions = ({ client }: Tab) => client.observe(id).get().events.map((event) => event.version);
const connected = () => tabs.map(({ channel }) => channel.opened);

async function open(more: { owner?: string; polls?: boolean; locks?: Tabs["locks"] } = {}): Promise<Tab> {
  const page = new AbortController();
  const [channel, attention, tab] = [new ScriptedChannel(more.polls ? "polling" : "websocket"), new FakeAttention(), browser.tab()];
  const parts = { api: server.api, journal: new MemoryJournal(), shelf: new MemoryShelf(), channels: [channel], attention, tabs: more.locks ? { ...tab, locks: more.locks } : tab, notify };
  if (!more.polls) channel.sync = ({ known }) => ({ changes: missed(known[id]), requests: [], cursor: "c0" });
  const client = new FeedbackClient({ ...parts, baseUrl: more.owner ?? "", random: () => 0.5, onError: (error) => unheard.push(error) });
  const states: string[] = [];
  client.connection.subscribe(() => states.push(client.connection.get().state));
  const crash = () => {
    tab.crash();
    page.abort();
  };
  const opened = { client, channel, attention, states, freeze: tab.freeze, thaw: tab.thaw, crash };
  tabs.push(opened);
  void client.run(page.signal);
  await settle();
  return opened;
}

function missed(from = Number.NaN): readonly Changed[] {
  const events = server.streams.get(id)?.slice(from) ?? [];
  return events.length === 0 || Number.isNaN(from) ? [] : [{ id, from, events, status: server.document(id), cursor: "c0" }];
}

/** Appends an event and pushes it over the one connection. */
function push(tab: Tab, type: string): Changed {
  const event = server.append(id, type);
  const changed = { id, from: event.version - 1, events: [event], status: server.document(id), cursor: `c${event.version}` };
  tab.channel.sink?.changed(changed);
  return changed;
}

beforeEach(() => {
  vi.useFakeTimers();
  [browser, server, tabs] = [new FakeBrowser(), new ScriptedServer(), []];
  server.append(id, "request-accepted", { kind: "echo" });
});
afterEach(async () => {
  for (const tab of tabs) tab.crash();
  await settle();
  vi.useRealTimers();
  expect(unheard.splice(0)).toEqual([]);
});

describe("several tabs", () => {
  it("have one connection, and all are live", async () => {
    for (let count = 0; count < 3; count++) await open();
    expect(connected()).toEqual([1, 0, 0]);
    expect(tabs.map(({ client }) => client.connection.get())).toEqual(Array(3).fill({ state: "live", channel: "websocket" }));
    expect(tabs.map(({ client }) => client.requests.get().length)).toEqual([1, 1, 1]);
  });

  it("hear every change from the one that has it, in order and without asking the server", async () => {
    const [first, second] = [await open(), await open()];
    second.client.observe(id).subscribe(() => {});
    await settle();
    const before = server.calls.length;
    push(first, "attempt-started");
    push(first, "progress-reported");
    await settle();
    expect(versions(second)).toEqual([1, 2, 3]);
    expect(server.calls.length).toBe(before);
  });

  it("have two connections when they belong to two servers", async () => {
    await open();
    await open({ owner: "https://other.example" });
    expect(connected()).toEqual([1, 1]);
  });

  it("take over from one that died, within a second, and miss nothing that happened in between", async () => {
    const [first, second, third] = [await open(), await open(), await open()];
    for (const tab of [second, third]) tab.client.observe(id).subscribe(() => {});
    await settle();
    first.crash();
    server.append(id, "attempt-started");
    await settle(999);
    expect(connected()).toEqual([1, 1, 0]);
    expect([second, third].map(({ client }) => client.connection.get().state)).toEqual(["live", "live"]);
    expect([second, third].map(versions)).toEqual([[1, 2], [1, 2]]);
    push(second, "progress-reported");
    await settle();
    expect(versions(third)).toEqual([1, 2, 3]);
  });

  it("take the place of one that holds the connection and does not answer", async () => {
    const [first, second] = [await open(), await open()];
    first.freeze();
    await settle(7_000);
    expect(second.channel.opened).toBe(0);
    await settle(3_000);
    expect(second.channel.opened).toBe(1);
    expect(second.client.connection.get().state).toBe("live");
    first.thaw();
    expect(first.channel.isOpen).toBe(false);
    push(second, "attempt-started");
    await settle(2_000);
    expect(first.client.requests.get()[0]?.status?.version).toBe(2);
    expect(first.client.connection.get().state).toBe("live");
    expect(connected()).toEqual([1, 1]);
  });

  it("do not take the place of one that answers, however long it lasts", async () => {
    await open();
    await open();
    await settle(60_000);
    expect(connected()).toEqual([1, 0]);
  });

  it("say what the connection is like, and catch up with each new one before they call themselves live", async () => {
    const [first, second] = [await open(), await open()];
    second.client.observe(id).subscribe(() => {});
    await settle();
    second.states.length = 0;
    first.channel.works = false;
    first.channel.lose();
    await settle(5_000);
    expect(second.client.connection.get().state).toBe("offline");
    server.append(id, "attempt-started");
    first.channel.works = true;
    await settle(31_000);
    expect(second.states.filter((state, index, all) => state !== all[index - 1])).toEqual(["catching-up", "offline", "catching-up", "live"]);
    expect(versions(second)).toEqual([1, 2]);
  });

  it("reconnect a hidden tab's connection for one that is looked at, and for none otherwise", async () => {
    const [first, second] = [await open(), await open()];
    for (const tab of tabs) tab.attention.set({ here: false });
    await settle(10_000);
    first.channel.lose();
    await settle(60_000);
    expect(connected()).toEqual([1, 0]);
    second.attention.set({ here: true });
    await settle();
    expect(connected()).toEqual([2, 0]);
    expect(second.client.connection.get().state).toBe("live");
  });

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

  it("each show themselves offline while the server is down from the start", async () => {
    server.isDown = true;
    const tab = await open();
    expect(tab.client.connection.get().state).toBe("offline");
    server.isDown = false;
    await settle(31_000);
    expect(tab.client.connection.get().state).toBe("live");
  });

  it("notify once of what ends while none of them is looked at, and not of what ends before somebody's eyes", async () => {
    const shown: string[] = [];
    vi.stubGlobal("Notification", class {
      static permission = "granted";
      constructor(title: string) {
        shown.push(title);
      }
    });
    const [first, second] = [await open(), await open()];
    for (const { attention } of tabs) attention.news = true;
    first.attention.set({ here: false });
    await settle(2_000);
    push(first, "request-succeeded");
    await settle();
    expect(shown).toEqual([]);

    second.attention.set({ here: false });
    await settle(10_000);
    server.append(other, "request-accepted");
    server.append(other, "request-failed");
    for (const version of [1, 2]) {
      const status = { ...server.document(other), version, done: version === 2 };
      first.channel.sink?.changed({ id: other, from: version, events: [], status, cursor: "" });
      await settle();
    }
    expect(shown).toEqual([`${other} has ended`]);
    vi.unstubAllGlobals();
  });
});
