import { expect, test } from "vitest";
import type { LogRow } from "../src/api/wire.js";
import { latestFirst } from "../src/logs/latestFirst.js";

const row = (id: number, at: string) => ({ id, at }) as LogRow;

test("lines stand in the order of their times, whatever came first", () => {
  const rows = [row(4, "2026-01-01T00:00:01.2000000Z"), row(3, "2026-01-01T00:00:01.9000000Z"), row(2, "2026-01-01T00:00:01.9000000Z"), row(1, "2026-01-01T00:00:01.0000000Z")];

  expect(latestFirst(rows).map((line) => line.id)).toEqual([3, 2, 4, 1]);
});
