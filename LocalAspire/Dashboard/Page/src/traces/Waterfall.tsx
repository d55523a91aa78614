import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Span, TraceDetail } from "../api/wire.js";
import { duration, onScale } from "../format.js";
import { useNarrow } from "../lists/useNarrow.js";
import { type ListHandle, VirtualList } from "../lists/VirtualList.js";
import { useFilter, useRoute } from "../routing/useRoute.js";
import { SpanDrawer } from "./SpanDrawer.js";
import { timeTicks, type Zoom, zoomTo } from "./timeScale.js";
import { useTraceKeys } from "./useTraceKeys.js";
import { LogRowLine, SpanRowLine } from "./WaterfallRows.js";
import { WaterfallTools } from "./WaterfallTools.js";
import { all, buildTree, contains, flatten, pathTo, type ShownLogs, type SpanNode } from "./waterfall.js";

export function Waterfall({ detail }: { readonly detail: TraceDetail }) {
  const { query } = useRoute();
  const filter = useFilter();
  const isNarrow = useNarrow();
  const list = useRef<ListHandle>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [zoom, setZoom] = useState<Zoom>();
  const shown = (query.get("logs") ?? "problems") as ShownLogs;
  const text = query.get("find") ?? "";
  const spanId = query.get("span") ?? undefined;

  const roots = useMemo(() => buildTree(detail.spans, detail.logs), [detail]);
  const nodes = useMemo(() => all(roots), [roots]);
  const zeroMs = useMemo(() => startOf(detail), [detail]);
  const rows = useMemo(() => flatten(roots, closed, shown, zeroMs), [roots, closed, shown, zeroMs]);
  const whole = useMemo(() => boundsOf(detail.spans), [detail.spans]);
  const found = useMemo(() => (text ? nodes.filter((node) => contains(node, text)) : []), [nodes, text]);
  const foundKeys = useMemo(() => new Set(found.map(({ key }) => key)), [found]);
  const errors = useMemo(() => nodes.filter(({ span, logs }) => span.status === "Error" || logs.some(({ level }) => level === "Error" || level === "Critical")), [nodes]);
  const selected = spanId === undefined ? undefined : nodes.find(({ span }) => span.spanId === spanId);
  const view = zoom ?? whole;

  const select = useCallback((node: SpanNode | undefined) => filter({ span: node?.span.spanId ?? "" }, true), [filter]);
  const close = useCallback(() => select(undefined), [select]);
  const toggle = useCallback((key: string, shut?: boolean) => {
    setClosed((before) => {
      const after = new Set(before);
      if (shut ?? !before.has(key)) after.add(key);
      else after.delete(key);
      return after;
    });
  }, []);
  const reveal = useCallback(
    (node: SpanNode) => {
      const above = pathTo(roots, node.key).slice(0, -1);
      setClosed((before) => new Set([...before].filter((key) => !above.some((parent) => parent.key === key))));
      select(node);
    },
    [roots, select],
  );

  const at = selected ? rows.findIndex((row) => row.kind === "span" && row.node.key === selected.key) : -1;
  const shownAt = useRef<string>(undefined);
  useEffect(() => {
    if (at < 0 || shownAt.current === selected?.key) return;
    shownAt.current = selected?.key;
    list.current?.scrollTo(at);
  }, [at, selected]);
  useTraceKeys({
    selected,
    errors,
    onReveal: reveal,
    onToggle: toggle,
    onZoom: () => selected && setZoom(zoomTo(selected.span.startUs, selected.span.durationUs, whole)),
    onWhole: () => setZoom(undefined),
  });

  return (
    <>
      <WaterfallTools
        {...{ shown, found, errors, selected, isZoomed: zoom !== undefined }}
        onReveal={reveal}
        onWhole={() => setZoom(undefined)}
        onCloseAll={() => setClosed(new Set(nodes.filter(({ children }) => children.length > 0).map(({ key }) => key)))}
        onOpenAll={() => setClosed(new Set())}
      />
      <div className={`split ${selected ? "with-drawer" : ""}`}>
        <div className="list-frame waterfall">
          <div className="waterfall-scale" aria-hidden="true">
            <span />
            <div>
              {timeTicks(view, isNarrow ? 2 : 5).map((tick) => (
                <span key={tick} style={{ left: `${((tick - view.fromUs) / Math.max(1, view.toUs - view.fromUs)) * 100}%` }}>
                  {onScale(duration(tick / 1000))}
                </span>
              ))}
            </div>
          </div>
          <VirtualList
            ref={list}
            label="Spans"
            count={rows.length}
            rowHeight={30}
            keyOf={(index) => {
              const row = rows[index];
              return row?.kind === "span" ? row.node.key : `log ${row?.log.id}`;
            }}
            classOf={(index) => {
              const row = rows[index];
              if (row?.kind !== "span") return "";
              return `${row.node.key === selected?.key ? "selected" : ""} ${foundKeys.has(row.node.key) ? "found" : ""}`;
            }}
            row={(index) => {
              const row = rows[index];
              if (row === undefined) return null;
              if (row.kind === "log") return <LogRowLine row={row} view={view} />;
              return <SpanRowLine {...{ node: row.node, isClosed: row.isClosed, view, zeroMs }} onToggle={toggle} />;
            }}
          />
        </div>
        {selected && <SpanDrawer key={selected.key} node={selected} detail={detail} onClose={close} onZoom={() => setZoom(zoomTo(selected.span.startUs, selected.span.durationUs, whole))} />}
      </div>
    </>
  );
}

function boundsOf(spans: readonly Span[]): Zoom {
  return { fromUs: 0, toUs: spans.reduce((most, { startUs, durationUs }) => Math.max(most, startUs + durationUs), 1) };
}

/** The wall time of the picture's left edge: the earliest of all traces in it. */
function startOf({ trace, linked, spans }: TraceDetail): number {
  const own = spans.filter(({ traceId }) => traceId === trace.traceId);
  const first = own.reduce((least, { startUs }) => Math.min(least, startUs), Number.POSITIVE_INFINITY);
  if (Number.isFinite(first)) return Date.parse(trace.startedAt) - first / 1000;
  return Math.min(...[trace, ...linked].map(({ startedAt }) => Date.parse(startedAt)));
}

