import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Live } from "../src/api/live.js";
import { slots } from "../src/api/streamSlot.js";
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
  readonly address: string;

  constructor(address: string) {
    super();
    this.address = address;
    Source.open.add(this);
  }

  tell(name: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) }));
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
  Source.open.clear();
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

  it("brings the lines of a console along, goes on where they ended, and is one all the time", async () => {
    const live = new Live();
    const stop = live.start();
    await settle();
    const only = () => {
      expect(Source.open.size).toBe(1);
      return [...Source.open][0] as Source;
    };
    expect(only().address).toBe("/api/stream");

    const told: string[] = [];
    const done = live.read("web", 7, (lines) => told.push(...lines.map(({ text }) => text)));
    expect(only().address).toBe("/api/stream?console=true&resource=web&after=7");
    only().tell("lines", { lines: [{ n: 9, text: "hello" }], next: 9 });
    expect(told).toEqual(["hello"]);
    tab.turn("hidden");
    tab.turn("visible");
    await settle();
    expect(only().address).toBe("/api/stream?console=true&resource=web&after=9");

    done();
    expect(only().address).toBe("/api/stream");
    only().tell("lines", { lines: [{ n: 10, text: "late" }], next: 10 });
    expect(told).toEqual(["hello"]);
    stop();
    expect(Source.open.size).toBe(0);
  });

  it("is read a piece at a time where too many windows have one, until one of them is closed", async () => {
    const taken = new Set(Array.from({ length: slots }, (_, slot) => `dashboard-stream-${slot}`));
    const request = async (name: string, _: LockOptions, use: (lock: { readonly name: string } | null) => unknown) => {
      if (taken.has(name)) return use(null);
      taken.add(name);
      await use({ name });
      taken.delete(name);
    };
    vi.stubGlobal("navigator", { locks: { request } });
    const live = new Live();
    const stop = live.start();
    await settle();
    const only = () => [...Source.open][0] as Source;
    expect(only().address).toBe("/api/stream?once=true");
    only().onopen?.();
    only().onerror?.();
    expect([live.now.connection, Source.open.size]).toEqual(["open", 0]);
    live.read(undefined, 3, () => undefined);
    expect(only().address).toBe("/api/stream?console=true&after=3&once=true");
    only().onopen?.();
    only().onerror?.();

    taken.delete("dashboard-stream-1");
    await vi.advanceTimersByTimeAsync(2000);
    expect([only().address, taken.size]).toEqual(["/api/stream?console=true&after=3", slots]);
    stop();
    await settle();
    expect([Source.open.size, taken.size]).toEqual([0, slots - 1]);
  });

  it("that never was there is lost, also where it would be read a piece at a time", async () => {
    vi.stubGlobal("navigator", { locks: { request: async (_: string, __: LockOptions, use: (lock: null) => unknown) => use(null) } });
    const live = new Live();
    const stop = live.start();
    await settle();
    [...Source.open][0]?.onerror?.();
    expect(live.now.connection).toBe("lost");
    stop();
  });
});
