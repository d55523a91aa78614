import { describe, expect, it } from "vitest";
import type { RequestEvent, StatusDocument } from "../src/index.js";
import { emptyView, withEvents, withStatus } from "../src/requests/view.js";

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
});
