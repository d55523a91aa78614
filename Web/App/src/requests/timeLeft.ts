import type { RequestEvent, RequestView } from "aspire-feedback";

const leastPercent = 3;
const leastMs = 1500;

/**
 * Milliseconds left at the last progress, at the pace of the present run; undefined while nobody can say. Both times are the server's, so that
 * the clock of this device does not matter.
 */
export function timeLeft({ status, events }: RequestView): number | undefined {
  const percent = status?.percentComplete;
  if (status?.status !== "Running" || status.stalled || status.cancelRequestedAt || percent == null || percent >= 100) return undefined;
  const started = events.findLast((event) => event.type === "attempt-started" || event.type === "hop-started");
  const last = events.findLast((event) => event.type === "progress-reported");
  if (started === undefined || last === undefined || last.version < started.version) return undefined;
  const from = begunAt(events);
  const took = Date.parse(last.at) - Date.parse(started.at);
  if (percent - from < leastPercent || took < leastMs) return undefined;
  return ((100 - percent) / (percent - from)) * took;
}

/** The percentage at which the present step began: where the one before had ended, whatever an earlier run of this step had reached. */
function begunAt(events: readonly RequestEvent[]): number {
  let [hop, from, reached] = [0, 0, 0];
  for (const { type, data } of events) {
    if (type === "attempt-started") [hop, from, reached] = [1, 0, 0];
    if (type === "hop-started") {
      const isLater = typeof data.hop === "number" && data.hop > hop;
      if (isLater) [hop, from] = [data.hop as number, reached];
      else reached = from;
    }
    if (type === "progress-reported" && typeof data.percent === "number") reached = data.percent;
  }
  return from;
}
