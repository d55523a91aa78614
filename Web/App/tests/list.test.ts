import type { ConnectionState, RequestEvent, RequestView, StatusDocument } from "aspire-feedback";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { payloadOf } from "../src/requests/again.js";
import { countGroups, everything, matches } from "../src/requests/filter.js";
import { NoRequests } from "../src/requests/NoRequests.js";
import { outputOf } from "../src/requests/output.js";
import { timeLeft } from "../src/requests/timeLeft.js";
import { isNews, SeenStore } from "../src/seen.js";

const start = Date.parse("2026-01-01T10:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const view = (id: string, status: Partial<StatusDocument>, events: readonly RequestEvent[] = []): RequestView => ({
  ...{ id, kind: "echo", label: undefined, createdAt: at(0), cancelAsked: false, phase: { at: "accepted" }, events },
  status: { ...{ id, kind: "echo", status: "Pending", done: false, version: 1, createdAt: at(0), lastUpdatedAt: at(0) }, ...status },
});
const event = (version: number, seconds: number, type: string, data: Record<string, unknown> = {}): RequestEvent => ({ version, type, at: at(seconds), data });
const memory = () => {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
};

describe("finding a request", () => {
  const running = view("a", { status: "Running", message: "Reading rows" });
  const held = view("b", { status: "Held", error: { title: "The disk is full", status: 500 } });
  const done = view("c", { status: "Succeeded", done: true, lastUpdatedAt: at(5) });
  const seen = { since: at(0), opened: [] };

  it("takes every word, wherever it stands and however it is written", () => {
    expect(matches(held, { ...everything, text: " DISK echo " }, seen)).toBe(true);
    expect(matches(held, { ...everything, text: "disk rows" }, seen)).toBe(false);
  });

  it("knows what goes on, what waits for its person, and what is over", () => {
    expect(countGroups([running, held, done], seen)).toEqual({ all: 3, open: 1, yours: 1, ended: 1, news: 1 });
    expect([running, held, done].filter((one) => matches(one, { text: "", group: "yours" }, seen))).toEqual([held]);
  });
});

describe("what is new", () => {
  const ended = (id: string, seconds: number) => view(id, { status: "Succeeded", done: true, lastUpdatedAt: at(seconds) });

  it("is what ended since the first visit, until it is opened, over visits", () => {
    const storage = memory();
    const seen = new SeenStore(storage, new Date(start));
    expect([ended("old", -5), ended("a", 5), view("open", {})].map((one) => isNews(one, seen.get()))).toEqual([false, true, false]);
    seen.open(ended("a", 5));
    const later = new SeenStore(storage, new Date(start + 60_000));
    expect([ended("a", 5), ended("b", 6)].map((one) => isNews(one, later.get()))).toEqual([false, true]);
    later.openAll([ended("b", 6), view("open", {})]);
    expect([ended("b", 6), ended("c", 7)].map((one) => isNews(one, later.get()))).toEqual([false, true]);
  });
});

describe("a list without a row", () => {
  const shown = (connection: ConnectionState["state"]) => renderToStaticMarkup(createElement(NoRequests, { connection }));

  it("is empty only once the server has said so", () => {
    expect(shown("live")).toContain("Nothing yet");
    expect(shown("offline")).toContain("cannot be shown until the server is reachable");
    expect(shown("catching-up")).toContain("Looking for your requests");
  });
});

describe("the time to go", () => {
  const running = { status: "Running", percentComplete: 40 } as const;
  const progress = (version: number, seconds: number, percent: number) => event(version, seconds, "progress-reported", { attempt: 1, percent });

  it("follows the pace of this attempt", () => {
    expect(timeLeft(view("a", running, [event(1, 0, "attempt-started", { attempt: 1 }), progress(2, 4, 40)]))).toBe(6000);
  });

  const secondStep = (version: number, seconds: number) => event(version, seconds, "hop-started", { attempt: 1, hop: 2 });

  it("counts a later step from where the one before has ended", () => {
    const events = [event(1, 0, "attempt-started", { attempt: 1 }), progress(2, 1, 30), secondStep(3, 10), progress(4, 12, 40)];
    expect(timeLeft(view("a", running, events))).toBe(12_000);
  });

  it("does not count what a run has reached that died", () => {
    const first = event(1, 0, "attempt-started", { attempt: 1 });
    expect(timeLeft(view("a", running, [first, progress(2, 1, 30), event(3, 10, "attempt-started", { attempt: 1 }), progress(4, 14, 40)]))).toBe(6000);
    const later = [first, progress(2, 1, 30), secondStep(3, 10), progress(4, 12, 35), secondStep(5, 20), progress(6, 22, 40)];
    expect(timeLeft(view("a", running, later))).toBe(12_000);
    expect(timeLeft(view("a", running, [first, progress(2, 1, 90), event(3, 2, "attempt-started"), progress(4, 3, 30), secondStep(5, 20), progress(6, 22, 40)]))).toBe(12_000);
  });

  it("is not told while nobody can know", () => {
    const begun = [event(1, 0, "attempt-started", { attempt: 1 }), progress(2, 1, 40)];
    expect(timeLeft(view("a", running, begun))).toBeUndefined();
    expect(timeLeft(view("a", { ...running, stalled: true }, [...begun, progress(3, 4, 40)]))).toBeUndefined();
    expect(timeLeft(view("a", running, [progress(1, 4, 40), event(2, 5, "attempt-started", { attempt: 2 })]))).toBeUndefined();
  });
});

describe("what a worker writes", () => {
  const part = (version: number, run: string, index: number, chunk: string) => event(version, version, "output-appended", { run, index, chunk });

  it("is put in its order, each part once, of the latest run", () => {
    expect(outputOf([part(1, "x", 0, "old"), part(2, "y", 1, "b"), part(3, "y", 0, "a"), part(4, "y", 1, "b")])).toBe("ab");
  });

  it("is cut at the front when it is long", () => expect(outputOf([part(1, "x", 0, "a"), part(2, "x", 1, "b".repeat(50_000))])).toBe(`…${"b".repeat(50_000)}`));
});

it("can be asked for again once what was asked for is known", () => {
  const payload = { text: "hi" };
  expect(payloadOf(view("a", {}, [event(1, 0, "request-accepted", { payload })]))).toBe(payload);
  expect(payloadOf(view("a", {}))).toBeUndefined();
  expect(payloadOf(view("a", {}, [event(1, 0, "request-accepted", { payload: [1] })]))).toBeUndefined();
});
