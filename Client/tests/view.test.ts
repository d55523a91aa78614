import { describe, expect, it } from "vitest";
import type { RequestEvent, StatusDocument } from "../src/index.js";
import { emptyView, isDone, withEntry, withEvents, withStatus } from "../src/requests/view.js";

const at = "2026-01-01T00:00:00Z";
const document = (version: number, more: Partial<StatusDocument> = {}): StatusDocument => ({
  ...{ id: "a", kind: "echo", status: "Running", done: false, version, createdAt: at, lastUpdatedAt: at },
  ...more,
});
const event = (version: number): RequestEvent => ({ version, type: "progress-reported", at, data: {} });

describe("a view", () => {
  it("never goes back to an older document", () => {
    const newer = withStatus(emptyView("a"), document(5));
    expect(withStatus(newer, document(4))).toBe(newer);
  });

  it("is the same object when the same document comes again", () => {
    const view = withStatus(emptyView("a"), document(5));
    expect(withStatus(view, document(5))).toBe(view);
    expect(withStatus(view, document(5, { queue: { position: 2 } }))).not.toBe(view);
  });

  it("takes events once and in order, however often they come", () => {
    const view = withEvents(withEvents(emptyView("a"), [event(1), event(2)]), [event(2), event(1), event(3)]);
    expect(view.events.map((known) => known.version)).toEqual([1, 2, 3]);
  });

  it("stops before a gap", () => {
    const view = withEvents(emptyView("a"), [event(1), event(3)]);
    expect(view.events.map((known) => known.version)).toEqual([1]);
  });

  it("keeps a result that a list left out", () => {
    const full = withStatus(emptyView("a"), document(3, { status: "Succeeded", done: true, result: { text: "hi" } }));
    expect(withStatus(full, document(3, { status: "Succeeded", done: true })).status?.result).toEqual({ text: "hi" });
  });

  it.each(Array.from({ length: 50 }, (_, seed) => seed))("never goes backwards, in whatever order things arrive (%i)", (seed) => {
    let state = seed + 1;
    const next = (below: number) => (state = (state * 48271) % 2147483647) % below;
    const entry = { id: "a", kind: "echo", payload: null, createdAt: at, traceparent: "", uploads: [], state: "open", tried: true } as const;
    let view = emptyView("a");
    for (let step = 0; step < 60; step++) {
      const before = view;
      const version = 1 + next(9);
      const act = next(3);
      if (act === 0) view = withEntry(view, entry);
      else if (act === 1) view = withStatus(view, document(version, version === 9 ? { status: "Succeeded", done: true } : {}));
      else view = withEvents(view, Array.from({ length: version }, (_, index) => event(index + 1 + next(3))));
      expect(view.status?.version ?? 0).toBeGreaterThanOrEqual(before.status?.version ?? 0);
      expect(isDone(view) || !isDone(before)).toBe(true);
      expect(view.events.map((known) => known.version)).toEqual(Array.from({ length: view.events.length }, (_, index) => index + 1));
      expect(view.events.slice(0, before.events.length)).toEqual(before.events);
      if (before.phase.at === "accepted") expect(view.phase.at).toBe("accepted");
    }
  });
});
