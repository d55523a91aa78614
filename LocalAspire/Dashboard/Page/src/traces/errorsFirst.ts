import type { TraceRow } from "../api/wire.js";

/** Those with errors, then the others, both as they came: each trace once. */
export function errorsFirst(bad: readonly TraceRow[], listed: readonly TraceRow[]): readonly TraceRow[] {
  const known = new Set(bad.map(({ traceId }) => traceId));
  const more = listed.filter(({ traceId, errors }) => errors > 0 && !known.has(traceId));
  return [...bad, ...more, ...listed.filter(({ errors, traceId }) => errors === 0 && !known.has(traceId))];
}
