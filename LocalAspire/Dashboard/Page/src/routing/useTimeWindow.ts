import { useLoad } from "../api/useLoad.js";
import { useRun } from "../api/useRun.js";
import type { Run } from "../api/wire.js";
import { endOf, isRelative, type TimeWindow, timeWindow } from "./timeWindow.js";
import { useRoute } from "./useRoute.js";

/** The time that is looked at, for one question after the other: `key` differs when it is another, and is `undefined` until it is known. */
export function useTimeWindow(): { readonly key: string | undefined; readonly read: () => TimeWindow } {
  const { query } = useRoute();
  const run = useRun();
  // "The last five minutes" of an earlier run are those before its end.
  const needsEnd = !run.isNow && isRelative(query);
  const { data, error } = useLoad<{ readonly runs: readonly Run[] }>(needsEnd ? run.key : undefined, () => "/api/runs", false);
  const end = needsEnd && data ? endOf(data.runs, run.id) : undefined;
  const range = ["range", "from", "to"].map((name) => query.get(name)).join();
  // Without the list of the runs the question still gets its answer, be it that the AppHost is gone.
  const isKnown = !needsEnd || data !== undefined || error !== undefined;
  return { key: isKnown ? `${range}|${end ?? ""}` : undefined, read: () => timeWindow(query, end ?? Date.now()) };
}
