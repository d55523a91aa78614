import { useCallback, useMemo, useRef } from "react";
import { query as write } from "../api/call.js";
import { useRun } from "../api/useRun.js";
import type { Found, LogRow } from "../api/wire.js";
import { integer } from "../format.js";
import { NewRows } from "../lists/NewRows.js";
import { useNarrow } from "../lists/useNarrow.js";
import { useNewest } from "../lists/useNewest.js";
import { type ListHandle, VirtualList } from "../lists/VirtualList.js";
import { isFixed } from "../routing/timeWindow.js";
import { useFilter, useRoute } from "../routing/useRoute.js";
import { useTimeWindow } from "../routing/useTimeWindow.js";
import { Clear } from "../shell/Clear.js";
import { Glyph } from "../shell/icons.js";
import { Empty, Loading, Trouble } from "../shell/States.js";
import { latestFirst } from "./latestFirst.js";
import { LogDrawer } from "./LogDrawer.js";
import { LogFilters, logFilters } from "./LogFilters.js";
import { LogLine } from "./LogLine.js";

const pageSize = 200;
const idOf = (row: LogRow) => String(row.id);
const cursorOf = (page: Found<LogRow>) => (page.hasMore ? String(page.items.at(-1)?.id) : undefined);

export function LogsPage() {
  const { query } = useRoute();
  const filter = useFilter();
  const run = useRun();
  const isNarrow = useNarrow();
  const list = useRef<ListHandle>(null);
  const selected = query.get("log") ?? undefined;

  const filters = Object.fromEntries(logFilters.map((name) => [name, query.get(name) ?? undefined]));
  const time = useTimeWindow();
  const found = useNewest<LogRow>({
    key: time.key === undefined ? undefined : `${run.key}|${JSON.stringify(filters)}|${time.key}`,
    address: (before) => `/api/logs${write({ run: run.id, ...filters, ...time.read(), before, limit: String(pageSize) })}`,
    idOf,
    cursorOf,
    follows: run.isNow && !isFixed(query),
    mayMove: () => list.current?.isUntouched() ?? true,
  });
  const close = useCallback(() => filter({ log: "" }), [filter]);
  const rows = found.list?.items;
  const items = useMemo(() => latestFirst(rows ?? []), [rows]);
  const isFiltered = Object.values(filters).some(Boolean) || ["range", "from", "to"].some((name) => query.get(name));
  return (
    <div className={`page ${selected ? "with-drawer" : ""}`}>
      <div className="page-head">
        <h1>Logs</h1>
        {found.list && <span className="matched">{integer(found.list.matched)}</span>}
        <LogFilters />
        <div className="page-tools">
          <a className="icon-button" href={`/api/export${write({ kind: "logs", run: run.id, ...filters, ...time.read() })}`} download aria-label="Download these logs" title="Download these logs (NDJSON)">
            <Glyph name="download" />
          </a>
          {run.isNow && <Clear kind="logs" what="all logs in memory" onDone={found.reload} />}
        </div>
      </div>
      <Trouble error={found.error} onAgain={found.reload} />
      <div className="split">
        <div className="list-frame">
          <div className="log-columns" aria-hidden="true">
            <span>Time</span>
            <span>Level</span>
            <span>Resource</span>
            <span>Message</span>
            <span>Trace</span>
          </div>
          <NewRows count={found.list?.waiting.length ?? 0} isMore={found.list?.hasGap ?? false} onShow={found.showWaiting} />
          {!found.list && !found.error && <Loading what="the logs" />}
          {found.list && items.length === 0 && (
            <Empty title={isFiltered ? "No log fits" : "No logs yet"}>
              {isFiltered ? (
                <button type="button" className="button" onClick={() => filter(Object.fromEntries([...logFilters, "range", "from", "to"].map((name) => [name, ""])))}>
                  Take the filters away
                </button>
              ) : (
                <p>They show up here as soon as a resource writes some.</p>
              )}
            </Empty>
          )}
          {items.length > 0 && (
            <VirtualList
              ref={list}
              label="Logs"
              count={items.length}
              rowHeight={isNarrow ? 58 : 32}
              keyOf={(index) => String(items[index]?.id)}
              classOf={(index) => (String(items[index]?.id) === selected ? "selected" : "")}
              row={(index) => items[index] && <LogLine log={items[index]} />}
              onNearEnd={found.loadMore}
            />
          )}
        </div>
        {selected && <LogDrawer key={selected} id={selected} onClose={close} />}
      </div>
    </div>
  );
}
