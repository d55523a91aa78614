import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ChannelSink } from "../src/index.js";
import { LiveFeed } from "../src/following/liveFeed.js";
import { FakeAttention } from "./fakeAttention.js";
import { ScriptedChannel } from "./scriptedChannel.js";

const sink: ChannelSink = {
  position: () => ({ since: null, known: {} }),
  changed: () => {},
  synced: () => Promise.resolve(),
  refresh: () => Promise.resolve(),
  mostWanted: () => undefined,
};

let best: ScriptedChannel;
let second: ScriptedChannel;
let feed: LiveFeed;
let nudge: EventTarget;
let run: AbortController;
let attention: FakeAttention;

beforeEach(() => {
  vi.useFakeTimers();
  [best, second, nudge, run] = [new ScriptedChannel("websocket"), new ScriptedChannel("sse"), new EventTarget(), new AbortController()];
  attention = new FakeAttention();
  feed = new LiveFeed({ channels: [best, second], sink, identify: () => Promise.resolve(), random: () => 0.5, nudge, attention });
});
afterEach(() => {
  run.abort();
  vi.useRealTimers();
});

const start = async () => {
  void feed.run(run.signal);
  await vi.advanceTimersByTimeAsync(0);
};

describe("the connection", () => {
  it("is live on the best channel that works", async () => {
    await start();
    expect(feed.connection.get()).toEqual({ state: "live", channel: "websocket" });
    expect(second.opened).toBe(0);
  });

  it("falls back to the next channel, and tries the best one again after a minute", async () => {
    best.works = false;
    await start();
    expect(feed.connection.get()).toEqual({ state: "live", channel: "sse" });
    best.works = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(feed.connection.get()).toEqual({ state: "live", channel: "websocket" });
  });

  it("stays live on the lesser channel while it is seen whether the best one works", async () => {
    best.works = false;
    await start();
    const states: unknown[] = [];
    feed.connection.subscribe(() => states.push(feed.connection.get()));
    best.open = () => new Promise(() => {});
    await vi.advanceTimersByTimeAsync(300_000);
    expect(states).toEqual([]);
    expect([second.opened, second.isOpen]).toEqual([1, true]);
  });

  it("has one connection after the change to a better channel, which ends with the run", async () => {
    best.works = false;
    await start();
    best.works = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect([best.isOpen, second.isOpen]).toEqual([true, false]);
    run.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(best.isOpen).toBe(false);
  });

  it("has none left of a better channel that opens when the lesser one is lost already", async () => {
    best.works = false;
    await start();
    let opening: AbortSignal | undefined;
    best.open = async (_sink, signal) => {
      opening ??= signal;
      return await new Promise((resolve) => setTimeout(resolve, 500, { closed: new Promise(() => {}) }));
    };
    await vi.advanceTimersByTimeAsync(60_400);
    second.lose();
    await vi.advanceTimersByTimeAsync(1000);
    expect(opening?.aborted).toBe(true);
  });

  it.each(Array.from({ length: 16 }, (_, moment) => moment))("has one at most when the better channel opens in the moment in which the lesser one is lost (%i)", async (moment) => {
    best.works = false;
    await start();
    const signals: AbortSignal[] = [];
    let opened = () => {};
    best.open = (_sink, signal) => {
      signals.push(signal);
      return new Promise((resolve) => (opened = () => resolve({ closed: new Promise(() => {}) })));
    };
    await vi.advanceTimersByTimeAsync(60_000);
    opened();
    for (let step = 0; step < moment; step++) await Promise.resolve();
    second.lose();
    await vi.advanceTimersByTimeAsync(1000);
    opened();
    await vi.advanceTimersByTimeAsync(1000);
    expect(signals.filter(({ aborted }) => !aborted)).toHaveLength(1);
    run.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(signals.filter(({ aborted }) => !aborted)).toEqual([]);
  });

  it("catches up after a loss, without calling itself offline", async () => {
    await start();
    const states: string[] = [];
    feed.connection.subscribe(() => states.push(feed.connection.get().state));
    best.lose();
    await vi.advanceTimersByTimeAsync(1000);
    expect(states).toEqual(["catching-up", "live"]);
    expect(best.opened).toBe(2);
  });

  it("is offline while nothing works, waits longer each time, and says until when", async () => {
    best.works = second.works = false;
    await start();
    expect(feed.connection.get()).toEqual({ state: "offline", retryAt: Date.now() + 250 });
    await vi.advanceTimersByTimeAsync(250);
    expect(feed.connection.get()).toEqual({ state: "offline", retryAt: Date.now() + 500 });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(best.opened).toBeLessThan(16);
  });

  it("tries at once when the network is back", async () => {
    best.works = second.works = false;
    await start();
    await vi.advanceTimersByTimeAsync(60_000);
    best.works = true;
    nudge.dispatchEvent(new Event("nudge"));
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.connection.get().state).toBe("live");
  });

  it("gives up on a channel that hangs", async () => {
    best.open = () => new Promise(() => {});
    await start();
    await vi.advanceTimersByTimeAsync(15_000);
    expect(feed.connection.get()).toEqual({ state: "live", channel: "sse" });
  });

  it("stops when told to", async () => {
    await start();
    run.abort();
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.connection.get()).toEqual({ state: "stopped" });
    await vi.advanceTimersByTimeAsync(120_000);
    expect(best.opened).toBe(1);
  });

  it("is given up the moment the browser says that the network is gone, and there again the moment it is back", async () => {
    await start();
    best.works = second.works = false;
    attention.set({ online: false });
    await vi.advanceTimersByTimeAsync(1000);
    expect(feed.connection.get().state).toBe("offline");
    const before = best.opened;
    await vi.advanceTimersByTimeAsync(50_000);
    expect(best.opened).toBe(before);
    best.works = true;
    attention.set({ online: true });
    nudge.dispatchEvent(new Event("nudge"));
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.connection.get().state).toBe("live");
  });

  it("is tried once a minute though the browser says that there is no network: it may be wrong", async () => {
    best.works = second.works = false;
    attention.set({ online: false });
    await start();
    best.works = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(feed.connection.get().state).toBe("live");
  });

  it("stays when nobody looks, but a lost one waits for somebody", async () => {
    await start();
    attention.set({ here: false });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(best.opened).toBe(1);
    best.lose();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(best.opened).toBe(1);
    attention.set({ here: true });
    nudge.dispatchEvent(new Event("nudge"));
    await vi.advanceTimersByTimeAsync(0);
    expect(feed.connection.get().state).toBe("live");
  });

  it("comes back while nobody looks when somebody is to be notified", async () => {
    await start();
    attention.news = true;
    attention.set({ here: false });
    best.lose();
    await vi.advanceTimersByTimeAsync(1000);
    expect(best.opened).toBe(2);
  });
});

describe("a connection that is asked whether it lives", () => {
  it("stays when it answers, and is not asked again at once", async () => {
    best.answers = true;
    await start();
    feed.check();
    expect(best.checked).toBe(0);
    await vi.advanceTimersByTimeAsync(20_000);
    for (let times = 0; times < 3; times++) feed.check();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([best.checked, best.opened]).toEqual([1, 1]);
    expect(feed.connection.get()).toEqual({ state: "live", channel: "websocket" });
  });

  it("is given up when it does not answer", async () => {
    best.answers = false;
    await start();
    await vi.advanceTimersByTimeAsync(20_000);
    feed.check();
    await vi.advanceTimersByTimeAsync(4_999);
    expect([best.isOpen, feed.connection.get()]).toEqual([true, { state: "live", channel: "websocket", isInDoubt: true }]);
    await vi.advanceTimersByTimeAsync(1);
    expect(best.isOpen).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([best.opened, best.isOpen]).toEqual([2, true]);
  });

  it("is left as it is where there is no asking, or none at all", async () => {
    await start();
    await vi.advanceTimersByTimeAsync(20_000);
    feed.check();
    expect(feed.connection.get()).toEqual({ state: "live", channel: "websocket" });
    best.works = second.works = false;
    best.lose();
    await vi.advanceTimersByTimeAsync(2_000);
    feed.check();
    expect(feed.connection.get().state).toBe("offline");
  });
});
