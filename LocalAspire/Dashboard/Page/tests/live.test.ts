import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Live } from "../src/api/live.js";
import { whileVisible } from "../src/api/whileVisible.js";

class Tab extends EventTarget {
  visibilityState = "visible";

  turn(state: "visible" | "hidden") {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

class Source extends EventTarget {
  static readonly open = new Set<Source>();
  onopen: (() => void) | undefined;
  onerror: (() => void) | undefined;

  constructor() {
    super();
    Source.open.add(this);
  }

  close() {
    Source.open.delete(this);
  }
}

let tab: Tab;
beforeEach(() => {
  tab = new Tab();
  vi.useFakeTimers();
  vi.stubGlobal("document", tab);
  vi.stubGlobal("EventSource", Source);
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ run: { id: "one" } })));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const settle = () => vi.advanceTimersByTimeAsync(0);

it("what is open only while it can be seen is opened again, and closed once at the end", () => {
  const told: string[] = [];
  const stop = whileVisible(() => {
    told.push("open");
    return () => told.push("closed");
  });
  for (const state of ["visible", "hidden", "hidden", "visible"] as const) tab.turn(state);
  stop();
  tab.turn("visible");
  expect(told).toEqual(["open", "closed", "open", "closed"]);
});

describe("the stream of the page", () => {
  it("takes no connection in a tab that nobody sees", async () => {
    const live = new Live();
    const stop = live.start();
    await settle();
    expect(Source.open.size).toBe(1);
    tab.turn("hidden");
    expect(Source.open.size).toBe(0);
    tab.turn("visible");
    await settle();
    expect(Source.open.size).toBe(1);
    stop();
    expect(Source.open.size).toBe(0);
  });

  it("is not opened by an answer that comes after the tab was left", async () => {
    const stop = new Live().start();
    tab.turn("hidden");
    await settle();
    expect(Source.open.size).toBe(0);
    stop();
  });

  it("is tried again when it was lost, but not by a tab that nobody sees", async () => {
    const live = new Live();
    const stop = live.start();
    await settle();
    const tryOnce = () => [...Source.open][0]?.onerror?.();
    tryOnce();
    expect([live.now.connection, Source.open.size]).toEqual(["lost", 0]);
    await vi.advanceTimersByTimeAsync(2000);
    expect(Source.open.size).toBe(1);
    tryOnce();
    tab.turn("hidden");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(Source.open.size).toBe(0);
    tab.turn("visible");
    await settle();
    expect(Source.open.size).toBe(1);
    stop();
  });
});
