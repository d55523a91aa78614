import type { Newest } from "../lists/newest.js";
import type { TraceRow } from "../api/wire.js";

type List = Newest<TraceRow>;

/** Those with errors, then, when there are no more of them to be read, the others: both as they came, each trace once. */
export function errorsFirst(bad: List, listed: List): readonly TraceRow[] {
  return bad.next === undefined ? once(bad.items, listed.items) : bad.items;
}

/** What waits above the list that is shown. */
export function waitingFirst(bad: List, listed: List): readonly TraceRow[] {
  return bad.next === undefined ? once(bad.waiting, listed.waiting) : bad.waiting;
}

function once(first: readonly TraceRow[], then: readonly TraceRow[]): readonly TraceRow[] {
  const known = new Set(first.map(({ traceId }) => traceId));
  return [...first, ...then.filter(({ traceId }) => !known.has(traceId))];
}
