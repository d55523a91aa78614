import type { RequestView } from "aspire-feedback";

const leastPercent = 3;
const leastMs = 1500;

/**
 * Milliseconds left at the last progress, at the pace of the present attempt; undefined while nobody can say. Both times are the server's, so that
 * the clock of this device does not matter.
 */
export function timeLeft({ status, events }: RequestView): number | undefined {
  const percent = status?.percentComplete;
  if (status?.status !== "Running" || status.stalled || status.cancelRequestedAt || percent == null || percent >= 100) return undefined;
  const started = events.findLast((event) => event.type === "attempt-started" || event.type === "hop-started");
  const last = events.findLast((event) => event.type === "progress-reported");
  if (started === undefined || last === undefined || last.version < started.version) return undefined;
  // A later step begins where the one before has ended.
  const before = events.findLast((event) => event.version < started.version && event.type === "progress-reported" && event.data.attempt === last.data.attempt);
  const from = typeof before?.data.percent === "number" ? before.data.percent : 0;
  const took = Date.parse(last.at) - Date.parse(started.at);
  if (percent - from < leastPercent || took < leastMs) return undefined;
  return ((100 - percent) / (percent - from)) * took;
}
