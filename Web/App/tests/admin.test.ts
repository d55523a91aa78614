import { describe, expect, it } from "vitest";
import { lanes } from "../src/admin/bars.js";
import { ageOf, noFilters, readFilters, writeFilters } from "../src/admin/filters.js";
import type { AttemptSpan, RunSpan } from "../src/admin/wire.js";

const start = Date.parse("2026-01-01T10:00:00Z");
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

describe("filters in the address", () => {
  it("are read as they were written", () => {
    const filters = { ...noFilters, status: "Held", kind: "echo & more", error: "50% of =", minAge: "600" } as const;
    expect(readFilters(writeFilters(filters))).toEqual(filters);
    expect(writeFilters(noFilters)).toBe("");
  });

  it("that mean nothing are left out", () => {
    expect(readFilters("?status=Nonsense&minAge=-1&maxAge=1h&stalled=maybe")).toEqual(noFilters);
    expect(readFilters("?held=true").status).toBe("Held");
  });

  it("show an age that the list of ages does not have", () => expect(ageOf({ ...noFilters, minAge: "77" }).label).toBe("more than 77 s ago"));
});

describe("bars of attempts", () => {
  const run = (due: number, started: number, ended?: number): RunSpan => ({
    ...{ hop: 1, endpoint: "echo", run: `${due}`, redelivered: false, outcome: "Running", waitedMs: (started - due) * 1000 },
    ...{ dueAt: at(due), startedAt: at(started) },
    ...(ended === undefined ? {} : { endedAt: at(ended) }),
  });
  const attempt = (number: number, due: number, ended: number | undefined, ...runs: RunSpan[]): AttemptSpan => ({
    ...{ number, dueAt: at(due), outcome: "Running", runs },
    ...(ended === undefined ? {} : { endedAt: at(ended) }),
  });

  it("share one axis without the pauses", () => {
    const [first, second] = lanes([attempt(1, 0, 4, run(0, 1, 4)), attempt(2, 1004, undefined, run(1004, 1006))], start + 1010_000);
    expect(first?.bars[0]).toMatchObject({ left: 0, waited: 10, took: 30 });
    expect(second?.bars[0]).toMatchObject({ left: 40, waited: 20, took: 40, tookMs: 4000 });
    expect([first?.pauseMs, second?.pauseMs]).toEqual([0, 1000_000]);
  });

  it("tell of an attempt that nobody has taken how long it waits", () => {
    expect(lanes([attempt(1, 0, undefined)], start + 5000)[0]?.waiting).toEqual({ left: 0, width: 100, ms: 5000 });
    expect(lanes([attempt(1, 60, undefined)], start)[0]?.waiting).toBeUndefined();
  });
});
