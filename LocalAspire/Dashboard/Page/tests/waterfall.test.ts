import { describe, expect, it } from "vitest";
import type { LogRow, Span, TraceRow } from "../src/api/wire.js";
import type { Newest } from "../src/lists/newest.js";
import { errorsFirst, waitingFirst } from "../src/traces/errorsFirst.js";
import { barOf, timeTicks, zoomTo } from "../src/traces/timeScale.js";
import { neighbour } from "../src/traces/useTraceKeys.js";
import { all, buildTree, contains, flatten, pathTo } from "../src/traces/waterfall.js";

const span = (id: string, more: Partial<Span> = {}): Span => ({
  ...{ traceId: "t1", spanId: id, name: `span ${id}`, kind: "Internal", resource: "web", startUs: 0, durationUs: 10, status: "Unset" },
  ...{ attributes: {}, events: [], links: [] },
  ...more,
});
const log = (id: number, spanId: string, level: LogRow["level"]): LogRow => ({
  ...{ id, at: "2026-11-22T12:00:00.0020000Z", resource: "web", level, category: "c", message: `log ${id}`, traceId: "t1", spanId },
});
const shape = (spans: readonly Span[]) => all(buildTree(spans, [])).map(({ span: { spanId }, depth }) => `${depth}${spanId}`);

describe("the tree of a trace", () => {
  it("stands in the order of time, whatever came first", () => {
    expect(shape([span("c", { parentSpanId: "a", startUs: 5 }), span("b", { parentSpanId: "a", startUs: 2 }), span("a")])).toEqual(["0a", "1b", "1c"]);
  });

  it("follows links into other traces", () => {
    const joined = span("m", { traceId: "t2", joinedTo: { traceId: "t1", spanId: "b" }, startUs: 9 });
    expect(shape([span("a"), span("b", { parentSpanId: "a" }), joined, span("n", { traceId: "t2", parentSpanId: "m" })])).toEqual(["0a", "1b", "2m", "3n"]);
  });

  it("takes a span whose parent never came for a root, and the same id in another trace for another span", () => {
    expect(shape([span("a", { parentSpanId: "gone" }), span("b", { traceId: "t2", parentSpanId: "a" })])).toEqual(["0a", "0b"]);
  });

  it("loses nothing in a circle", () => {
    const circle = [span("a", { joinedTo: { traceId: "t2", spanId: "b" } }), span("b", { traceId: "t2", joinedTo: { traceId: "t1", spanId: "a" }, startUs: 1 }), span("c", { parentSpanId: "c" })];
    expect(shape(circle).sort()).toEqual(["0a", "0c", "1b"]);
  });

  it("may be as deep as a trace is long", () => {
    const spans = Array.from({ length: 10_000 }, (_, index) => span(String(index), { status: "Error", ...(index > 0 && { parentSpanId: String(index - 1) }) }));
    const roots = buildTree(spans, []);
    expect([roots.length, roots[0]?.errors, all(roots).at(-1)?.depth]).toEqual([1, 10_000, 9_999]);
    expect([flatten(roots, new Set(["t1/9"]), "none", 0).length, pathTo(roots, "t1/9999").length]).toEqual([10, 10_000]);
  });

  it("counts the errors below, so that a closed row can tell of them", () => {
    const [root] = buildTree([span("a"), span("b", { parentSpanId: "a", status: "Error" }), span("c", { parentSpanId: "b", status: "Error" })], []);
    expect([root?.errors, root?.count]).toEqual([2, 3]);
  });
});

describe("the rows", () => {
  const roots = buildTree([span("a"), span("b", { parentSpanId: "a" })], [log(1, "b", "Error"), log(2, "b", "Debug"), log(3, "a", "Warning")]);
  const rows = (closed: string[], logs: "none" | "problems" | "all") =>
    flatten(roots, new Set(closed), logs, Date.parse("2026-11-22T12:00:00Z")).map((row) => (row.kind === "span" ? row.node.span.spanId : row.log.id));

  it("have the logs between them that are asked for", () => {
    expect(rows([], "none")).toEqual(["a", "b"]);
    expect(rows([], "problems")).toEqual(["a", 3, "b", 1]);
    expect(rows([], "all")).toEqual(["a", 3, "b", 1, 2]);
  });

  it("leave out what is closed", () => {
    expect(rows(["t1/a"], "all")).toEqual(["a"]);
  });

  it("are found by name, attribute and log", () => {
    const found = (text: string) => all(roots).filter((node) => contains(node, text)).map((node) => node.span.spanId);
    expect(found("SPAN B")).toEqual(["b"]);
    expect(found("log 3")).toEqual(["a"]);
    expect(pathTo(roots, "t1/b").map(({ key }) => key)).toEqual(["t1/a", "t1/b"]);
  });

  it("have a next one, round and round", () => {
    const nodes = all(roots);
    expect(neighbour(nodes, undefined, 1)?.span.spanId).toBe("a");
    expect(neighbour(nodes, nodes[1], 1)?.span.spanId).toBe("a");
    expect(neighbour(nodes, nodes[0], -1)?.span.spanId).toBe("b");
    expect(neighbour([], undefined, 1)).toBeUndefined();
  });
});

it("errors come first, then the others, and nothing moves up by itself", () => {
  const row = (traceId: string, errors: number) => ({ ...{ traceId, errors, name: "", resource: "", startedAt: "", durationMs: 1, spans: 1, logs: 0 }, resources: [] });
  const list = (items: string, waiting = "", next?: string): Newest<TraceRow> => ({
    ...{ items: [...items].map((id) => row(id, 1)), waiting: [...waiting].map((id) => row(id, 1)), hasGap: false, matched: 0, next },
  });
  const ids = (rows: readonly TraceRow[]) => rows.map(({ traceId }) => traceId).join("");
  expect(ids(errorsFirst(list("bo", "n"), list("cnba")))).toBe("bocna");
  expect(ids(waitingFirst(list("bo", "n"), list("cba", "mn")))).toBe("nm");
  expect([ids(errorsFirst(list("bo", "", "more"), list("cba"))), ids(waitingFirst(list("bo", "", "more"), list("c", "m")))]).toEqual(["bo", ""]);
});

describe("bars", () => {
  const whole = { fromUs: 0, toUs: 1000 };

  it("stand where their time is, never too thin to be seen", () => {
    expect(barOf(250, 500, whole)).toEqual({ left: 25, width: 50, isOutside: false });
    expect(barOf(500, 0, whole).width).toBeGreaterThan(0);
    expect(barOf(1000, 0, whole).left).toBeLessThan(100);
  });

  it("are cut at the edges of what is zoomed to", () => {
    const zoom = zoomTo(400, 100, whole);
    expect(zoom).toEqual({ fromUs: 395, toUs: 505 });
    expect(barOf(0, 1000, zoom)).toEqual({ left: 0, width: 100, isOutside: false });
    expect(barOf(0, 10, zoom).isOutside).toBe(true);
  });

  it("have a scale of round moments", () => {
    expect(timeTicks(whole, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
    expect(timeTicks({ fromUs: 395, toUs: 505 }, 5)).toEqual([400, 420, 440, 460, 480, 500]);
  });
});
