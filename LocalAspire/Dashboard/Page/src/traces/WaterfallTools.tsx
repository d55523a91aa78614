import { count } from "../format.js";
import { useFilter, useRoute } from "../routing/useRoute.js";
import { neighbour } from "./useTraceKeys.js";
import type { ShownLogs, SpanNode } from "./waterfall.js";

interface Props {
  readonly shown: ShownLogs;
  readonly found: readonly SpanNode[];
  readonly errors: readonly SpanNode[];
  readonly selected: SpanNode | undefined;
  readonly isZoomed: boolean;
  readonly onReveal: (node: SpanNode) => void;
  readonly onWhole: () => void;
  readonly onOpenAll: () => void;
  readonly onCloseAll: () => void;
}

export function WaterfallTools({ shown, found, errors, selected, isZoomed, onReveal, onWhole, onOpenAll, onCloseAll }: Props) {
  const { query } = useRoute();
  const filter = useFilter();
  const text = query.get("find") ?? "";
  const go = (nodes: readonly SpanNode[]) => {
    const next = neighbour(nodes, selected, 1);
    if (next) onReveal(next);
  };
  return (
    <div className="filters trace-tools" role="search" aria-label="In this trace">
      <form onSubmit={(event) => (event.preventDefault(), go(found))}>
        <input
          id="find-in-trace"
          type="search"
          className="field"
          placeholder="Find in the trace"
          aria-label="Find in the trace"
          autoComplete="off"
          value={text}
          onChange={(event) => filter({ find: event.target.value }, true)}
        />
      </form>
      {text && (
        <span className="fine" role="status">
          {count(found.length, "span")}
        </span>
      )}
      <select className="select" aria-label="Logs in the trace" value={shown} onChange={(event) => filter({ logs: event.target.value === "problems" ? "" : event.target.value }, true)}>
        <option value="problems">Warnings and errors</option>
        <option value="all">All logs</option>
        <option value="none">No logs</option>
      </select>
      {errors.length > 0 && (
        <button type="button" className="button small bad" onClick={() => go(errors)} title="Next error (e)">
          {count(errors.length, "error")}
        </button>
      )}
      <button type="button" className="button small" onClick={onOpenAll}>
        Expand
      </button>
      <button type="button" className="button small" onClick={onCloseAll}>
        Collapse
      </button>
      {isZoomed && (
        <button type="button" className="button small" onClick={onWhole} title="The whole trace (0)">
          Whole trace
        </button>
      )}
    </div>
  );
}
