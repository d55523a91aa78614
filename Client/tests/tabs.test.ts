import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { BrowserTabs, id, other, settle, versions } from "./browserTabs.js";
import type { ScriptedServer } from "./scriptedServer.js";

let browser: BrowserTabs;
let server: ScriptedServer;
let tabs: BrowserTabs["tabs"];
let open: BrowserTabs["open"];
let push: BrowserTabs["push"];
let connected: BrowserTabs["connected"];

beforeEach(() => {
  vi.useFakeTimers();
  browser = new BrowserTabs();
  ({ server, tabs, open, push, connected } = browser);
});
afterEach(async () => {
  await browser.close();
  vi.useRealTimers();
  expect(browser.unheard).toEqual([]);
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
