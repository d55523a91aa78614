import { roundStep } from "../traces/timeScale.js";

export interface Dot {
  readonly t: number;
  readonly v: number | undefined;
}

/** From zero (or below, where there is something) to a round number above all. */
export function valueTicks(values: readonly number[], about = 4): readonly number[] {
  const top = Math.max(0, ...values);
  const bottom = Math.min(0, ...values);
  if (top === bottom) return [0, 1];
  const step = roundStep((top - bottom) / about);
  const first = Math.floor(bottom / step);
  const last = Math.ceil(top / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => tidy((first + index) * step));
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400];

/** Moments that a clock would choose, as many as there is room for. */
export function clockTicks(from: number, to: number, most: number): readonly number[] {
  const seconds = (to - from) / 1000;
  const step = (steps.find((one) => seconds / one <= most) ?? 86_400 * Math.ceil(seconds / 86_400 / most)) * 1000;
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to && ticks.length < 50; at += step) ticks.push(at);
  return ticks;
}

/** A path that leaves out what is not known: a gap is no zero. A lone point is a short dash, so that it is seen. */
export function linePath(dots: readonly Dot[], x: (t: number) => number, y: (v: number) => number): string {
  const parts: string[] = [];
  let run: string[] = [];
  const end = () => {
    if (run.length === 1) parts.push(`M${run[0]}h2.5`);
    else if (run.length > 1) parts.push(`M${run.join("L")}`);
    run = [];
  };
  for (const { t, v } of dots) {
    if (v === undefined) end();
    else run.push(`${round(x(t))} ${round(y(v))}`);
  }
  end();
  return parts.join("");
}

/** The index of the moment nearest to `t`, in a list in order. */
export function nearest(moments: readonly number[], t: number): number {
  let low = 0;
  let high = moments.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] ?? 0) < t) low = middle + 1;
    else high = middle;
  }
  const before = moments[low - 1];
  const after = moments[low];
  return before !== undefined && after !== undefined && t - before < after - t ? low - 1 : low;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
