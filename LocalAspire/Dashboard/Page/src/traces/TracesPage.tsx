import { useRef } from "react";
import { query as write } from "../api/call.js";
import { useRun } from "../api/useRun.js";
import { integer } from "../format.js";
import { FilterText } from "../lists/FilterText.js";
import { NewRows } from "../lists/NewRows.js";
import { ResourcePicker } from "../lists/ResourcePicker.js";
import { useNarrow } from "../lists/useNarrow.js";
import { type ListHandle, VirtualList } from "../lists/VirtualList.js";
import { useFilter, useRoute } from "../routing/useRoute.js";
import { Chip } from "../shell/Chip.js";
import { Clear } from "../shell/Clear.js";
import { Glyph } from "../shell/icons.js";
import { Empty, Loading, Trouble } from "../shell/States.js";
import { TraceLine } from "./TraceLine.js";
import { useTraces } from "./useTraces.js";

const filterNames = ["resource", "text", "errors", "requestId", "minMs", "minSpans"] as const;
const slow: readonly (readonly [string, string])[] = [
  ["", "Any duration"],
  ["10", "Over 10 ms"],
  ["100", "Over 100 ms"],
  ["1000", "Over 1 s"],
  ["10000", "Over 10 s"],
];

export function TracesPage() {
  const { query } = useRoute();
  const filter = useFilter();
  const run = useRun();
  const isNarrow = useNarrow();
  const list = useRef<ListHandle>(null);
  const filters = Object.fromEntries(filterNames.map((name) => [name, query.get(name) ?? undefined]));
  const found = useTraces(filters, () => list.current?.isUntouched() ?? true);
  const items = found.items ?? [];
  const longest = items.reduce((most, { durationMs }) => Math.max(most, durationMs), 0);
  const isFiltered = Object.values(filters).some(Boolean) || ["range", "from", "to"].some((name) => query.get(name));
  const durations = slow.some(([value]) => value === (filters.minMs ?? "")) ? slow : [...slow, [filters.minMs ?? "", `Over ${filters.minMs} ms`] as const];
  return (
    <div className="page">
      <div className="page-head">
        <h1>Traces</h1>
        {found.matched !== undefined && <span className="matched">{integer(found.matched)}</span>}
        <div className="filters" role="search" aria-label="Filter the traces">
          <ResourcePicker />
          <FilterText name="text" label="Text in the traces" />
          <select className="select" aria-label="Duration" value={filters.minMs ?? ""} onChange={(event) => filter({ minMs: event.target.value })}>
            {durations.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
          <select className="select" aria-label="Errors" value={filters.errors ?? ""} onChange={(event) => filter({ errors: event.target.value })}>
            <option value="">Newest first</option>
            <option value="first">Errors first</option>
            <option value="true">Errors only</option>
          </select>
          <label className="check" title="Hides traces of one span, such as a poll of the database">
            <input type="checkbox" checked={filters.minSpans === "2"} onChange={(event) => filter({ minSpans: event.target.checked ? "2" : "" })} />
            Two spans and more
          </label>
          <Chip name="requestId" label="Request" />
        </div>
        <div className="page-tools">
          <a className="icon-button" href={`/api/export${write({ kind: "traces", run: run.id, ...found.asked, ...found.time.read() })}`} download aria-label="Download these traces" title="Download these traces (NDJSON)">
            <Glyph name="download" />
          </a>
          {run.isNow && <Clear kind="traces" what="all traces in memory" onDone={found.reload} />}
        </div>
      </div>
      <Trouble error={found.error} onAgain={found.reload} />
      <div className="list-frame">
        <div className="trace-columns" aria-hidden="true">
          <span>Started</span>
          <span>Name</span>
          <span>Spans</span>
          <span>Duration</span>
        </div>
        <NewRows count={found.waiting} isMore={found.hasGap} onShow={found.showWaiting} />
        {!found.items && !found.error && <Loading what="the traces" />}
        {found.items && items.length === 0 && (
          <Empty title={isFiltered ? "No trace fits" : "No traces yet"}>
            {isFiltered ? (
              <button type="button" className="button" onClick={() => filter(Object.fromEntries([...filterNames, "range", "from", "to"].map((name) => [name, ""])))}>
                Take the filters away
              </button>
            ) : (
              <p>Call one of the resources: what happens is drawn here.</p>
            )}
          </Empty>
        )}
        {items.length > 0 && (
          <VirtualList
            ref={list}
            label="Traces"
            count={items.length}
            rowHeight={isNarrow ? 76 : 48}
            keyOf={(index) => items[index]?.traceId ?? index}
            row={(index) => items[index] && <TraceLine trace={items[index]} longest={longest} />}
            onNearEnd={found.loadMore}
          />
        )}
      </div>
    </div>
  );
}
