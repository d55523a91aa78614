import type { Run } from "../api/wire.js";

export interface Range {
  readonly value: string;
  readonly label: string;
  readonly minutes?: number;
}

export const ranges: readonly Range[] = [
  { value: "", label: "Any time" },
  { value: "1m", label: "Last minute", minutes: 1 },
  { value: "5m", label: "Last 5 minutes", minutes: 5 },
  { value: "15m", label: "Last 15 minutes", minutes: 15 },
  { value: "1h", label: "Last hour", minutes: 60 },
  { value: "6h", label: "Last 6 hours", minutes: 360 },
  { value: "1d", label: "Last day", minutes: 1440 },
];

export interface TimeWindow {
  readonly from?: string;
  readonly to?: string;
}

/** Fixed bounds win over "the last …", which moves on with the clock. */
export function timeWindow(query: URLSearchParams, now: number): TimeWindow {
  const from = instant(query.get("from"));
  const to = instant(query.get("to"));
  if (from || to) return { ...(from && { from }), ...(to && { to }) };
  const minutes = minutesOf(query);
  return minutes === undefined ? {} : { from: new Date(now - minutes * 60_000).toISOString() };
}

/** Whether it is one of "the last …". */
export function isRelative(query: URLSearchParams): boolean {
  return !instant(query.get("from")) && !instant(query.get("to")) && minutesOf(query) !== undefined;
}

/** When a run ended; `undefined` for a run that is gone. */
export function endOf(runs: readonly Run[], id: string | undefined): number | undefined {
  const end = Date.parse(runs.find((run) => run.id === id)?.endedAt ?? "");
  return Number.isNaN(end) ? undefined : end;
}

/** For a chart of any time: all of a young run, the last quarter of an hour of an old one. */
export function sinceStart(startedAt: string, now: number): TimeWindow {
  return { from: new Date(Math.min(now - 60_000, Math.max(Date.parse(startedAt), now - 15 * 60_000))).toISOString() };
}

/** A past that has an end gets no news. */
export function isFixed(query: URLSearchParams): boolean {
  return instant(query.get("to")) !== undefined;
}

function minutesOf(query: URLSearchParams): number | undefined {
  return ranges.find(({ value }) => value === (query.get("range") ?? ""))?.minutes;
}

function instant(text: string | null): string | undefined {
  const time = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
