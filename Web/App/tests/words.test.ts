import type { Phase, RequestEvent, RequestView, StatusDocument } from "aspire-feedback";
import { describe, expect, it } from "vitest";
import { timeline } from "../src/eventWords.js";
import { bytes, dayTime, duration, englishOf, number, ordinal, percent, relative } from "../src/format.js";
import { show } from "../src/profile/profile.js";
import { nameOf, ownNameOf, wordsFor } from "../src/words.js";

const start = Date.parse("2026-01-01T10:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const document = (more: Partial<StatusDocument>): StatusDocument => ({
  ...{ id: "a", kind: "echo", status: "Pending", done: false, version: 1, createdAt: at(0), lastUpdatedAt: at(0) },
  ...more,
});
const view = (phase: Phase, status?: StatusDocument): RequestView => ({
  ...{ id: "a", kind: "echo", label: undefined, createdAt: at(0), cancelAsked: false, events: [] },
  ...{ phase, status },
});
const say = (more: Partial<StatusDocument>, now = start) => wordsFor(view({ at: "accepted" }, document(more)), now);

describe("what is happening now", () => {
  it("tells the place in the line", () => {
    expect(say({ queue: { position: 3, etaSeconds: 20 } }).headline).toBe("3rd in line, about 20 s to go");
  });

  it("counts down to the next attempt", () => {
    const attempt = { number: 2, of: 3, nextAt: at(4) };
    expect(say({ attempt }).headline).toBe("Attempt 2 of 3 starts in 4 s");
    expect(say({ attempt }, start + 5000).headline).toBe("Waiting for a free worker");
  });

  it("says of a held request that nothing is lost", () => {
    const words = say({ status: "Held", attempt: { number: 3, of: 3 } });
    expect(words).toEqual({ tone: "held", headline: "Paused after 3 failed attempts", more: "Nothing is lost. Try again or stop." });
  });

  it("says of an unsent request that it is safe", () => {
    const words = wordsFor(view({ at: "waiting", reason: "unreachable", retryAt: start + 2000 }), start);
    expect(words.headline).toBe("Not sent yet");
    expect(words.more).toContain("safe on this device");
  });

  it("promises nothing about a file that is not on this device", () => {
    const phases: Phase[] = [
      ...[{ at: "uploading", sent: 1, total: 2 } as const, { at: "uploading", sent: 2, total: 2 } as const, { at: "sending" } as const, { at: "elsewhere" } as const],
      ...(["busy", "unreachable"] as const).map((reason) => ({ at: "waiting", reason, retryAt: start }) as const),
    ];
    for (const phase of phases) {
      expect(wordsFor({ ...view(phase), keepOpen: true }, start).more).toMatch(/keep (this page|it) open/i);
      expect(wordsFor({ ...view(phase), keepOpen: false }, start).more ?? "").not.toMatch(/keep/i);
    }
  });

  it("tells of a silent worker when the wait ends, and of no other worker", () => {
    const deadline = at(3600);
    expect(say({ status: "Running", stalled: true, deadline }).more).toBe(`It may come back. You can cancel; at the latest it ends on ${dayTime(deadline)}.`);
    expect(say({ status: "Running", stalled: true }).more).toBe("It may come back. You can cancel.");
  });

  it("names the fields of a refused payload", () => {
    const problem = { title: "Invalid payload", status: 400, errors: { text: ["is required"] } };
    expect(wordsFor(view({ at: "refused", problem }), start)).toMatchObject({ tone: "bad", headline: "Invalid payload", more: "text: is required" });
  });

  it("tells how long it took", () => expect(say({ status: "Succeeded", done: true, lastUpdatedAt: at(4.26) }).headline).toBe("Done in 4.3 s"));
});

describe("the name of a request", () => {
  const asked = (kind: string, payload: unknown) => nameOf({ ...view({ at: "accepted" }), kind, events: [{ version: 1, type: "request-accepted", at: at(0), data: { payload } }] });

  it("comes from what was asked for where this device has none", () => {
    expect(asked("echo", { text: "x".repeat(50) })).toBe(`Echo: ${"x".repeat(40)}`);
    expect(asked("checkout", { amount: 620, currency: "EUR" })).toBe("Checkout: 620 EUR");
    expect([asked("csv-profile", { file: "a" }), asked("echo", null), asked("", {})]).toEqual(["CSV profile", "Echo", "Request"]);
    expect(nameOf({ ...view({ at: "accepted" }), label: "mine" })).toBe("mine");
  });

  it("is none of its own while nobody knows more than its kind: such a row shows the end of the id", () => {
    const accepted = { ...view({ at: "accepted" }), kind: "echo", label: undefined };
    expect([ownNameOf(accepted), ownNameOf({ ...accepted, label: "mine" })]).toEqual([undefined, "mine"]);
  });
});

describe("the timeline", () => {
  const event = (version: number, type: string, data: Record<string, unknown> = {}): RequestEvent => ({ version, type, at: at(version), data });

  it("tells a run of progress as one step", () => {
    const steps = timeline([
      event(1, "request-accepted"),
      event(2, "attempt-started", { attempt: 1, worker: "backend-1" }),
      event(3, "progress-reported", { percent: 10.4 }),
      event(4, "progress-reported", { percent: 90, message: "Reading" }),
      event(5, "request-succeeded"),
    ]);
    expect(steps.map((step) => step.text)).toEqual(["Accepted and written down", "Attempt 1 started", "Progress: 10% to 90%", "Done"]);
    expect(steps[2]?.detail).toBe("Reading · 2 updates");
  });

  it("names the steps that work is handed on to", () => {
    const steps = timeline([event(1, "hop-forwarded", { kind: "checkout-stock" }), event(2, "hop-started", { hop: 2, endpoint: "checkout-stock", worker: "stock-1" }), event(3, "hop-forwarded")]);
    expect(steps.map((step) => step.detail)).toEqual(["Stock", "Stock on stock-1", undefined]);
  });

  it("keeps the progress of two attempts apart, and tells when the next one comes", () => {
    const failure = { attempt: 1, error: { title: "Lost" }, nextAttemptAt: at(6) };
    const steps = timeline([event(1, "progress-reported", { percent: 50 }), event(2, "attempt-failed", failure), event(3, "progress-reported", { percent: 5 })]);
    expect(steps.map((step) => step.text)).toEqual(["Progress: 50%", "Attempt 1 failed", "Progress: 5%"]);
    expect(steps[1]?.detail).toBe("Lost · next try in 4 s");
  });

  it("tells when an admin did it, and not when it was the person", () => {
    const done = ["admin", "admin:019c", "owner:019c", "system"].map((by, n) => event(n + 1, "retry-requested", { by }));
    expect(timeline(done).map((step) => step.detail)).toEqual(["by an admin", "by an admin", undefined, undefined]);
  });

  it("shows an event it has no words for by its name", () => expect(timeline([event(1, "moon-phase-changed")])[0]?.text).toBe("moon-phase-changed"));
});

describe("values of a column", () => {
  it("are shown as they are, dates without what they do not say", () => {
    expect([show(1234.5), show(true), show("2026-03-02T06:53:00"), show("2026-03-02T00:00:00Z"), show("Bern")]).toEqual([
      ...["1,234.5", "true", "2026-03-02 06:53", "2026-03-02", "Bern"],
    ]);
  });
});

describe("numbers", () => {
  it("are short and honest", () => {
    expect([number(1100.5), number(16.2257), number(0.00012345), number(12_345_678)]).toEqual(["1,100.5", "16.23", "0.0001235", "12,345,678"]);
    expect([percent(1, 1000), percent(999, 1000), percent(0, 10), percent(10, 10), percent(0, 0)]).toEqual(["<1%", ">99%", "0%", "100%", "0%"]);
    expect([bytes(1), bytes(999), bytes(17_020), bytes(1_500_000), bytes(2e9)]).toEqual(["1 byte", "999 bytes", "17 kB", "1.5 MB", "2.0 GB"]);
    expect([40, 4_260, 61_000, 119_700, 3_700_000, 7_200_000, 180_000_000].map(duration)).toEqual(["40 ms", "4.3 s", "1 min 1 s", "1 min 59 s", "1 h 1 min", "2 h", "2 days 2 h"]);
    expect([at(-5), at(-65), "", "soon"].map((time) => relative(time, start))).toEqual(["just now", "1 min ago", "", ""]);
    expect([["de-DE", "en-US"], ["de"], ["eng"], []].map(englishOf)).toEqual(["en-US", "en-GB", "en-GB", "en-GB"]);
    expect(dayTime(at(0), start + 365 * 864e5)).toContain("2026");
    expect(dayTime(at(0), start)).not.toContain("2026");
    expect([1, 2, 3, 11, 21, 112].map(ordinal)).toEqual(["1st", "2nd", "3rd", "11th", "21st", "112th"]);
  });
});
