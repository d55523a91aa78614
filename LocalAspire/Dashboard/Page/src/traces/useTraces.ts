import { query as write } from "../api/call.js";
import { useRun } from "../api/useRun.js";
import type { Found, TraceRow } from "../api/wire.js";
import { useNewest } from "../lists/useNewest.js";
import { isFixed } from "../routing/timeWindow.js";
import { useRoute } from "../routing/useRoute.js";
import { useTimeWindow } from "../routing/useTimeWindow.js";
import { errorsFirst, waitingFirst } from "./errorsFirst.js";

type Filters = Readonly<Record<string, string | undefined>>;

const idOf = (row: TraceRow) => row.traceId;
const cursorOf = ({ next }: Found<TraceRow>) => (next === undefined ? undefined : String(next));

/** The traces with the newest first or, `errors` being "first", those with errors above the others: the server knows only the former. */
export function useTraces(filters: Filters, mayMove: () => boolean) {
  const { query } = useRoute();
  const run = useRun();
  const time = useTimeWindow();
  const isErrorsFirst = filters.errors === "first";
  const asked: Filters = { ...filters, errors: filters.errors === "true" ? "true" : undefined };
  const key = time.key === undefined ? undefined : `${run.key}|${JSON.stringify(filters)}|${time.key}`;
  const question = (values: Filters) => ({
    ...{ idOf, cursorOf, mayMove, follows: run.isNow && !isFixed(query) },
    address: (before: string | undefined) => `/api/traces${write({ run: run.id, ...values, ...time.read(), before, limit: "100" })}`,
  });
  const found = useNewest<TraceRow>({ key, ...question(asked) });
  const bad = useNewest<TraceRow>({ key: isErrorsFirst ? key : undefined, ...question({ ...asked, errors: "true" }) });
  const common = { error: found.error ?? bad.error, asked, time, matched: found.list?.matched };
  if (!isErrorsFirst) {
    const { list, loadMore, showWaiting, reload } = found;
    return { ...common, items: list?.items, waiting: list?.waiting.length ?? 0, hasGap: list?.hasGap ?? false, loadMore, showWaiting, reload };
  }
  const both = found.list && bad.list ? ([bad.list, found.list] as const) : undefined;
  return {
    ...common,
    items: both && errorsFirst(...both),
    waiting: both ? waitingFirst(...both).length : 0,
    hasGap: both?.some(({ hasGap }) => hasGap) ?? false,
    loadMore: bad.list?.next === undefined ? found.loadMore : bad.loadMore,
    showWaiting: () => {
      bad.showWaiting();
      found.showWaiting();
    },
    reload: () => {
      bad.reload();
      found.reload();
    },
  };
}
