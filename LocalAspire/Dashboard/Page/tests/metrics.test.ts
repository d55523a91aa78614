import { describe, expect, it } from "vitest";
import type { SeriesAnswer } from "../src/api/wire.js";
import { cpu, duration, onScale, withUnit } from "../src/format.js";
import { linesOf } from "../src/metrics/lines.js";
import { clockTicks, linePath, nearest, valueTicks } from "../src/metrics/scales.js";
import { measured } from "../src/metrics/units.js";

describe("scales", () => {
  it("reach from zero to a round number above all", () => {
    expect(valueTicks([3, 17])).toEqual([0, 5, 10, 15, 20]);
    expect(valueTicks([0.0031])).toEqual([0, 0.001, 0.002, 0.003, 0.004]);
    expect(valueTicks([-4, 6])).toEqual([-4, -2, 0, 2, 4, 6]);
    expect(valueTicks([])).toEqual([0, 1]);
  });

  it("have moments that a clock would choose", () => {
    const from = Date.parse("2026-11-22T12:00:07Z");
    expect(clockTicks(from, from + 60_000, 5).map((t) => new Date(t).toISOString().slice(14, 19))).toEqual(["00:15", "00:30", "00:45", "01:00"]);
    expect(clockTicks(from, from + 40 * 86_400_000, 5).length).toBeLessThanOrEqual(6);
  });

  it("leave a gap where nothing is known", () => {
    const dots = [1, 2, undefined, 4].map((v, t) => ({ t, v }));
    const same = (value: number) => value;
    expect(linePath(dots, same, same)).toBe("M0 1L1 2M3 4h2.5");
    expect(linePath([], same, same)).toBe("");
  });

  it("find the moment under the pointer", () => {
    expect([nearest([0, 10, 20], 14), nearest([0, 10, 20], 16), nearest([0, 10], 99), nearest([0, 10], -5)]).toEqual([1, 2, 1, 0]);
  });
});

describe("lines", () => {
  const answer = (type: SeriesAnswer["type"], ...values: readonly number[]): SeriesAnswer => ({
    ...{ type, from: "2026-11-22T12:00:00Z", to: "2026-11-22T12:01:00Z" },
    series: values.map((value, index) => ({ labels: values.length > 1 ? { route: `r${index}` } : {}, points: [{ at: "2026-11-22T12:00:00Z", value, p50: value, p90: value * 2, p99: value * 3 }] })),
  });
  const told = (of: SeriesAnswer) => linesOf(of, "p90").map(({ label, dots }) => [label, dots[0]?.v]);

  it("are the percentiles of one histogram, or one percentile of many, the highest first", () => {
    expect(told(answer("Histogram", 4))).toEqual([["p50", 4], ["p90", 8], ["p99", 12]]);
    expect(told(answer("Histogram", 1, 4))).toEqual([["r1", 8], ["r0", 2]]);
  });

  it("are the values of everything else", () => {
    expect(told(answer("Counter", 5))).toEqual([["all", 5]]);
  });
});

describe("numbers", () => {
  it("have the unit that fits their size", () => {
    expect([duration(0.25), duration(3.5), duration(140), duration(4200), duration(125_000)]).toEqual(["250 µs", "3.50 ms", "140 ms", "4.20 s", "2 min 5 s"]);
    expect([withUnit(0.018, "s"), withUnit(48_200_000, "By"), withUnit(0.5, "1"), withUnit(12, "{request}"), cpu(0.37)]).toEqual(["18 ms", "48 MB", "50 %", "12", "37 %"]);
  });

  it("are round on a scale", () => {
    expect(["5.00 ms", "2.50 s", "10.0 s", "100 ms", "0.05", "20 kB", "1.0 MB"].map(onScale)).toEqual(["5 ms", "2.5 s", "10 s", "100 ms", "0.05", "20 kB", "1 MB"]);
  });

  it("are told in words, whatever the unit", () => {
    expect([measured("Histogram", "s"), measured("Histogram", undefined), measured("Counter", "By")]).toEqual(["percentiles in seconds", "percentiles", "bytes per second"]);
    expect([measured("Counter", "{work_item}"), measured("UpDownCounter", "{assembly}"), measured("Gauge", "1"), measured("Gauge", "Cel")]).toEqual([
      ...["work items per second", "assemblies at each moment", "at each moment", "Cel at each moment"],
    ]);
  });
});
