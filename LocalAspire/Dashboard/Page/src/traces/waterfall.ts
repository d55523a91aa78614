import type { LogRow, Span } from "../api/wire.js";

export interface SpanNode {
  readonly span: Span;
  readonly key: string;
  readonly depth: number;
  readonly children: readonly SpanNode[];
  readonly logs: readonly LogRow[];
  /** In it and in all that is below it. */
  readonly errors: number;
  readonly count: number;
}

export type WaterfallRow =
  | { readonly kind: "span"; readonly node: SpanNode; readonly isClosed: boolean }
  | { readonly kind: "log"; readonly log: LogRow; readonly depth: number; readonly atUs: number | undefined };

export type ShownLogs = "none" | "problems" | "all";

export function keyOf({ traceId, spanId }: { readonly traceId: string; readonly spanId: string }): string {
  return `${traceId}/${spanId}`;
}

/** Spans below their parent, or below the span whose link joins their trace to this one; in the order of time. */
export function buildTree(spans: readonly Span[], logs: readonly LogRow[]): readonly SpanNode[] {
  const known = new Map(spans.map((span) => [keyOf(span), span]));
  const below = new Map<string | undefined, Span[]>();
  for (const span of spans) add(below, parentOf(span, known), span);
  const logsOf = new Map<string, LogRow[]>();
  for (const log of logs) if (log.traceId && log.spanId) add(logsOf, keyOf({ traceId: log.traceId, spanId: log.spanId }), log);
  for (const list of below.values()) list.sort((a, b) => a.startUs - b.startUs || b.durationUs - a.durationUs);

  const placed = new Set<string>();
  const place = (span: Span, depth: number): SpanNode => {
    const key = keyOf(span);
    placed.add(key);
    const children = (below.get(key) ?? []).filter((child) => !placed.has(keyOf(child))).map((child) => place(child, depth + 1));
    const own = (logsOf.get(key) ?? []).sort((a, b) => a.at.localeCompare(b.at));
    const errors = sum(children, (child) => child.errors) + (span.status === "Error" ? 1 : 0);
    return { span, key, depth, children, logs: own, errors, count: 1 + sum(children, (child) => child.count) };
  };
  const roots = (below.get(undefined) ?? []).map((span) => place(span, 0));
  // Links can go in a circle: whoever is only in one begins where it began first.
  const rest = spans.filter((span) => !placed.has(keyOf(span))).sort((a, b) => a.startUs - b.startUs);
  for (const span of rest) if (!placed.has(keyOf(span))) roots.push(place(span, 0));
  return roots;
}

export function flatten(roots: readonly SpanNode[], closed: ReadonlySet<string>, shown: ShownLogs, zeroMs: number): readonly WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  const visit = (node: SpanNode) => {
    const isClosed = closed.has(node.key);
    rows.push({ kind: "span", node, isClosed });
    if (isClosed) return;
    for (const log of node.logs) {
      if (shown === "all" || (shown === "problems" && isProblem(log))) {
        rows.push({ kind: "log", log, depth: node.depth + 1, atUs: atUs(log, zeroMs) });
      }
    }
    for (const child of node.children) visit(child);
  };
  for (const root of roots) visit(root);
  return rows;
}

export function isProblem({ level }: LogRow): boolean {
  return level === "Warning" || level === "Error" || level === "Critical";
}

/** Wall time in milliseconds is fine enough for a mark; `undefined` where the log's clock is far from the spans'. */
export function atUs(log: LogRow, zeroMs: number): number | undefined {
  const value = (Date.parse(log.at) - zeroMs) * 1000;
  return Number.isFinite(value) ? Math.max(0, value) : undefined;
}

/** The nodes from the root to this one: what must be open for it to be seen. */
export function pathTo(roots: readonly SpanNode[], key: string): readonly SpanNode[] {
  for (const node of roots) {
    if (node.key === key) return [node];
    const below = pathTo(node.children, key);
    if (below.length > 0) return [node, ...below];
  }
  return [];
}

export function all(roots: readonly SpanNode[]): readonly SpanNode[] {
  return roots.flatMap((node) => [node, ...all(node.children)]);
}

/** Name, resource, attributes and what went wrong: where one looks for a word in a trace. */
export function contains({ span, logs }: SpanNode, text: string): boolean {
  const needle = text.toLowerCase();
  const events = span.events.map((event) => `${event.name} ${JSON.stringify(event.attributes)}`);
  const words = [span.name, span.resource, span.instance, span.spanId, span.statusMessage, JSON.stringify(span.attributes), ...events, ...logs.map((log) => log.message)];
  return words.some((word) => word?.toLowerCase().includes(needle));
}

function parentOf(span: Span, known: ReadonlyMap<string, Span>): string | undefined {
  const own = span.parentSpanId === undefined ? undefined : keyOf({ traceId: span.traceId, spanId: span.parentSpanId });
  if (own !== undefined && known.has(own) && own !== keyOf(span)) return own;
  const joined = span.joinedTo === undefined ? undefined : keyOf(span.joinedTo);
  return joined !== undefined && known.has(joined) && joined !== keyOf(span) ? joined : undefined;
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V) {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
