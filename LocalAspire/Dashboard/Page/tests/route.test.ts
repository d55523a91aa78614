import { describe, expect, it } from "vitest";
import { addressOf, changedAddress, readRoute } from "../src/routing/route.js";
import { endOf, isRelative, sinceStart, timeWindow } from "../src/routing/timeWindow.js";

describe("the address", () => {
  it("says page, name and filters", () => {
    const route = readRoute("/console/web-1", "text=warn");
    expect([route.page, route.name, route.query.get("text")]).toEqual(["console", "web-1", "warn"]);
    expect(readRoute("/", "").page).toBe("resources");
    expect(readRoute("/toString", "").page).toBe("nowhere");
  });

  it("takes the links that were made for Aspire's dashboard", () => {
    expect(readRoute("/traces/detail/0af7", "").name).toBe("0af7");
  });

  it("keeps a name that is not well encoded", () => {
    expect(readRoute("/resources/100%", "").name).toBe("100%");
  });

  it("takes run and time along to the next page, and leaves filters behind", () => {
    const here = new URLSearchParams("run=r1&range=5m&text=x");
    expect(addressOf("/logs", { traceId: "t" }, here)).toBe("/logs?run=r1&range=5m&traceId=t");
    expect(addressOf("/logs", { range: "", from: "2026-01-01" }, here)).toBe("/logs?run=r1&from=2026-01-01");
  });

  it("changes one filter and leaves the others", () => {
    const here = new URLSearchParams("text=x&level=Error&filter=a:1");
    expect(changedAddress("/logs", here, { level: "", filter: ["a:1", "b:2"] })).toBe("/logs?text=x&filter=a%3A1&filter=b%3A2");
    expect(changedAddress("/logs", new URLSearchParams("text=x"), { text: "" })).toBe("/logs");
  });
});

describe("the time that is looked at", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");

  it("moves on with the clock", () => {
    expect(timeWindow(new URLSearchParams("range=15m"), now)).toEqual({ from: "2026-11-22T11:45:00.000Z" });
    expect(timeWindow(new URLSearchParams("range=forever"), now)).toEqual({});
  });

  it("begins with the run in a chart, a quarter of an hour ago at most, and is never nothing", () => {
    const from = (startedAt: string) => sinceStart(startedAt, now).from?.slice(11, 19);
    expect([from("2026-11-22T11:55:00Z"), from("2026-11-22T01:00:00Z"), from("2026-11-22T11:59:58Z")]).toEqual(["11:55:00", "11:45:00", "11:59:00"]);
  });

  it("stands where it has bounds", () => {
    expect(timeWindow(new URLSearchParams("range=15m&from=2026-11-22T10:00:00Z&to=nonsense"), now)).toEqual({ from: "2026-11-22T10:00:00.000Z" });
  });
});

it("\"the last minutes\" of an earlier run end with it, fixed times are what they are", () => {
  const run = { startedAt: "2026-11-21T09:00:00Z", current: false, bytes: 0, logs: 0, spans: 0 };
  const runs = [{ ...run, id: "now", current: true }, { ...run, id: "earlier", endedAt: "2026-11-21T17:00:00Z" }];
  expect(timeWindow(new URLSearchParams("range=5m"), endOf(runs, "earlier") ?? 0)).toEqual({ from: "2026-11-21T16:55:00.000Z" });
  expect([endOf(runs, "now"), endOf(runs, "gone")]).toEqual([undefined, undefined]);
  const relative = ["range=5m", "", "range=forever", "range=5m&to=2026-11-21T10:00:00Z"].map((text) => isRelative(new URLSearchParams(text)));
  expect(relative).toEqual([true, false, false, false]);
});
