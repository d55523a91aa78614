import { describe, expect, it } from "vitest";
import { extend } from "../src/api/live.js";
import { hueOf } from "../src/hue.js";
import { layoutGraph } from "../src/resources/graphLayout.js";
import { needsSomebody, stateWords, toneOf } from "../src/resources/states.js";
import { droppedWords } from "../src/shell/Notices.js";
import { linkFor } from "../src/shell/RequestLink.js";

const vertex = (name: string, references: string[] = [], waitsFor: string[] = []) => ({ name, references, waitsFor });

describe("the graph", () => {
  it("puts everything right of what refers to it", () => {
    const { nodes, edges, columns } = layoutGraph([vertex("db"), vertex("web", ["db", "redis"], ["db"]), vertex("redis"), vertex("backend", ["web"], ["redis"])]);
    const column = Object.fromEntries(nodes.map((node) => [node.name, node.column]));
    expect(column).toEqual({ backend: 0, web: 1, db: 2, redis: 2 });
    expect(columns).toBe(3);
    expect(edges.find(({ from, to }) => from === "backend" && to === "redis")?.isReference).toBe(false);
    expect(edges.filter(({ from, to }) => from === "web" && to === "db")).toHaveLength(1);
  });

  it("ends on circles, on itself and on names that nobody has", () => {
    expect(layoutGraph([vertex("a", ["b", "a", "gone"]), vertex("b", ["a"])]).nodes).toHaveLength(2);
    expect(layoutGraph([]).nodes).toEqual([]);
  });
});

describe("states", () => {
  it("have words and tones, unknown ones too", () => {
    expect([stateWords("Running", "Unhealthy"), toneOf("Running", "Unhealthy")]).toEqual(["Running, unhealthy", "held"]);
    expect([stateWords("FailedToStart"), toneOf("FailedToStart")]).toEqual(["Failed to start", "bad"]);
    expect([stateWords("Custom"), toneOf("Custom")]).toEqual(["Custom", "quiet"]);
  });

  it("need somebody when one replica is bad", () => {
    const resource = { name: "web", type: "Project", state: "Running", urls: [], references: [], waitsFor: [], commands: [], hidden: false };
    const one = { id: "web-1", state: "Running", restarts: 0, commands: [] };
    expect(needsSomebody({ ...resource, instances: [one] })).toBe(false);
    expect(needsSomebody({ ...resource, instances: [one, { ...one, id: "web-2", state: "FailedToStart" }] })).toBe(true);
  });
});

it("usage is kept for two minutes, of those who are told of", () => {
  const sample = { cpu: 1, memoryBytes: 2 };
  let usage = extend(new Map(), { a: sample, b: sample });
  for (let index = 0; index < 100; index++) usage = extend(usage, { a: sample });
  expect([usage.get("a")?.length, usage.has("b")]).toEqual([60, false]);
});

it("a resource has one colour, and one that is not of the application has the same each time", () => {
  expect(hueOf("web", ["db", "web"])).toBe(1);
  expect(hueOf("other", ["db"])).toBe(hueOf("other", []));
});

it("what was dropped is said, and nothing when nothing was", () => {
  const words = (spans: number, recordings = 0) => droppedWords({ logs: 0, spans: 0, traces: 0, points: 0, bytes: 0, dropped: { logs: 0, spans, points: 0, recordings } });
  expect(words(0)).toBe("");
  expect(words(1204)).toBe("More came in than could be taken: 1,204 spans dropped. What is shown is incomplete.");
  expect(words(0, 3)).toContain("The disk did not keep up");
});

it("a link leads where the application says, and never to a script", () => {
  const links = [{ attribute: "id", label: "Request", url: "http://localhost/admin#{value}" }, { attribute: "bad", label: "Bad", url: "javascript:alert({value})" }];
  expect(linkFor(links, "id", "a b")).toEqual({ label: "Request", url: "http://localhost/admin#a%20b" });
  expect(linkFor(links, "bad", "1")).toBeUndefined();
  expect(linkFor(undefined, "id", "1")).toBeUndefined();
});
