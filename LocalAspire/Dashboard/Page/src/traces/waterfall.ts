import type { LogRow, Span } from "../api/wire.js";

export interface SpanNode {
  readonly span: Span;
  readonly key: string;
  readonly parent: SpanNode | undefined;
  readonly depth: number;
  readonly children: readonly SpanNode[];
  readonly logs: readonly LogRow[];
  /** In it and in all that is below it. */
  readonly errors: number;
  readonly count: number;
}

interface Draft extends SpanNode {
  readonly parent: Draft | undefined;
  readonly children: Draft[];
  errors: number;
  count: number;
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
  const below = new Map<Span | undefined, Span[]>();
  for (const span of known.values()) add(below, parentOf(span, known), span);
  const logsOf = new Map<string, LogRow[]>();
  for (const log of logs) if (log.traceId && log.spanId) add(logsOf, keyOf({ traceId: log.traceId, spanId: log.spanId }), log);
  for (const list of below.values()) list.sort((a, b) => a.startUs - b.startUs || b.durationUs - a.durationUs);

  const roots: Draft[] = [];
  const placed = new Map<Span, Draft>();
  const place = (root: Span) => {
    const open: { readonly span: Span; readonly parent: Draft | undefined }[] = [{ span: root, parent: undefined }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { span, parent } = next;
      if (placed.has(span)) continue;
      const key = keyOf(span);
      const own = (logsOf.get(key) ?? []).sort((a, b) => a.at.localeCompare(b.at));
      const node = { span, key, parent, depth: parent === undefined ? 0 : parent.depth + 1, children: [], logs: own, errors: span.status === "Error" ? 1 : 0, count: 1 };
      placed.set(span, node);
      (parent?.children ?? roots).push(node);
      for (const child of (below.get(span) ?? []).toReversed()) open.push({ span: child, parent: node });
    }
  };
  for (const span of below.get(undefined) ?? []) place(span);
  // Links can go in a circle: whoever is only in one begins where it began first.
  for (const span of [...known.values()].filter((span) => !placed.has(span)).sort((a, b) => a.startUs - b.startUs)) place(span);
  for (const node of [...placed.values()].reverse()) {
    if (node.parent === undefined) continue;
    node.parent.errors += node.errors;
    node.parent.count += node.count;
  }
  return roots;
}

export function flatten(roots: readonly SpanNode[], closed: ReadonlySet<string>, shown: ShownLogs, zeroMs: number): readonly WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  for (const node of walk(roots, closed)) {
    const isClosed = closed.has(node.key);
    rows.push({ kind: "span", node, isClosed });
    if (isClosed) continue;
    for (const log of node.logs) {
      if (shown === "all" || (shown === "problems" && isProblem(log))) {
        rows.push({ kind: "log", log, depth: node.depth + 1, atUs: atUs(log, zeroMs) });
      }
    }
  }
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
  const path: SpanNode[] = [];
  for (let node = all(roots).find((one) => one.key === key); node !== undefined; node = node.parent) path.push(node);
  return path.reverse();
}

export function all(roots: readonly SpanNode[]): readonly SpanNode[] {
  return [...walk(roots)];
}

/** From top to bottom, not below what is closed. A loop, since a trace can be deeper than the browser's stack. */
function* walk(roots: readonly SpanNode[], closed?: ReadonlySet<string>): Generator<SpanNode> {
  const open: SpanNode[] = [];
  const push = (nodes: readonly SpanNode[]) => {
    for (let index = nodes.length - 1; index >= 0; index--) open.push(nodes[index] as SpanNode);
  };
  push(roots);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    if (!closed?.has(node.key)) push(node.children);
  }
}

/** Name, resource, attributes and what went wrong: where one looks for a word in a trace. */
export function contains({ span, logs }: SpanNode, text: string): boolean {
  const needle = text.toLowerCase();
  const events = span.events.map((event) => `${event.name} ${JSON.stringify(event.attributes)}`);
  const words = [span.name, span.resource, span.instance, span.spanId, span.statusMessage, JSON.stringify(span.attributes), ...events, ...logs.map((log) => log.message)];
  return words.some((word) => word?.toLowerCase().includes(needle));
}

function parentOf(span: Span, known: ReadonlyMap<string, Span>): Span | undefined {
  const own = span.parentSpanId === undefined ? undefined : known.get(keyOf({ traceId: span.traceId, spanId: span.parentSpanId }));
  if (own !== undefined && own !== span) return own;
  const joined = span.joinedTo === undefined ? undefined : known.get(keyOf(span.joinedTo));
  return joined === span ? undefined : joined;
}

function add<K, V>(map: Map<K, V[]>, key: K, value: V) {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
