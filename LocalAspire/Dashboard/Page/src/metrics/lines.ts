import type { SeriesAnswer } from "../api/wire.js";
import type { Dot } from "./scales.js";

export interface Line {
  readonly label: string;
  readonly dots: readonly Dot[];
}

export const percentiles = ["p50", "p90", "p99"] as const;
export type Percentile = (typeof percentiles)[number];
export const mostLines = 8;

/** One line a series; for a histogram without a dimension three, its percentiles. The highest first, since not all can be shown. */
export function linesOf(answer: SeriesAnswer, percentile: Percentile): readonly Line[] {
  const isHistogram = answer.type === "Histogram";
  const chosen = isHistogram && answer.series.length === 1 ? percentiles : [isHistogram ? percentile : "value"] as const;
  const lines = answer.series.flatMap(({ labels, points }) =>
    chosen.map((of) => {
      const isSplit = Object.keys(labels).length > 0;
      const name = Object.values(labels).filter(Boolean).join(", ") || (isSplit ? "none" : isHistogram ? "" : "all");
      return { label: [name, chosen.length > 1 ? of : ""].filter(Boolean).join(" "), dots: points.map((point) => ({ t: Date.parse(point.at), v: point[of] })) };
    }),
  );
  return chosen.length > 1 ? lines : [...lines].sort((a, b) => highest(b) - highest(a));
}

/** How many values were measured, in each step. */
export function countsOf(answer: SeriesAnswer): readonly Line[] {
  const lines = answer.series.map(({ labels, points }) => ({
    label: Object.values(labels).filter(Boolean).join(", ") || (Object.keys(labels).length > 0 ? "none" : "count"),
    dots: points.map((point) => ({ t: Date.parse(point.at), v: point.count })),
  }));
  return [...lines].sort((a, b) => highest(b) - highest(a));
}

export function highest({ dots }: Line): number {
  return dots.reduce((most, { v }) => Math.max(most, v ?? 0), 0);
}

export function latest({ dots }: Line): number | undefined {
  return dots.findLast(({ v }) => v !== undefined)?.v;
}
