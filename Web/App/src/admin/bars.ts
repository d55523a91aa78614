import type { AttemptSpan, RunSpan } from "./wire.js";

export interface Bar {
  readonly run: RunSpan;
  /** Percent of the whole width; waiting comes before the work. */
  readonly left: number;
  readonly waited: number;
  readonly took: number;
  readonly tookMs: number;
}

export interface Lane {
  readonly attempt: AttemptSpan;
  readonly bars: readonly Bar[];
  /** An attempt that no worker has started yet. */
  readonly waiting: { readonly left: number; readonly width: number; readonly ms: number } | undefined;
  /** Between the end of the attempt before and this one's due time: a backoff, or a person who had to decide. */
  readonly pauseMs: number;
}

/**
 * One lane an attempt, on one axis that leaves out the pauses between them: a request that was held over night shows its work all the same, and
 * the pause is told in words.
 */
export function lanes(attempts: readonly AttemptSpan[], now: number): readonly Lane[] {
  const spans = attempts.map((attempt) => {
    const due = Date.parse(attempt.dueAt);
    const end = attempt.endedAt ? Date.parse(attempt.endedAt) : now;
    return { attempt, start: Math.min(due, firstStart(attempt) ?? due), end: Math.max(end, due) };
  });
  const total = spans.reduce((sum, { start, end }) => sum + (end - start), 0) || 1;
  const percent = (ms: number) => (Math.max(0, ms) / total) * 100;
  let before = 0;
  return spans.map(({ attempt, start, end }, index) => {
    const offset = before;
    before += end - start;
    const last = spans[index - 1];
    return {
      attempt,
      bars: attempt.runs.map((run) => bar(run, offset - start, now, percent)),
      waiting: attempt.runs.length === 0 && end > start ? { left: percent(offset), width: percent(end - start), ms: end - start } : undefined,
      pauseMs: last === undefined ? 0 : Math.max(0, start - last.end),
    };
  });
}

function bar(run: RunSpan, shift: number, now: number, percent: (ms: number) => number): Bar {
  const due = Math.min(Date.parse(run.dueAt), Date.parse(run.startedAt));
  const started = Date.parse(run.startedAt);
  const tookMs = Math.max(0, (run.endedAt ? Date.parse(run.endedAt) : now) - started);
  return { run, left: percent(due + shift), waited: percent(started - due), took: percent(tookMs), tookMs };
}

function firstStart(attempt: AttemptSpan): number | undefined {
  const first = attempt.runs[0];
  return first === undefined ? undefined : Date.parse(first.startedAt);
}
