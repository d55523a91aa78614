import { expect, test } from "vitest";
import { outputOf, readOutput } from "../src/requests/output.js";
import type { RequestEvent } from "../src/wire.js";

const piece = (index: number, chunk: string, run = "r1", attempt = 1) => ({ type: "output-appended", version: 1, at: "", data: { attempt, run, index, chunk } }) as RequestEvent;

test("pieces stand in the order in which they were written, and what is behind a gap is not settled", () => {
  const events = [piece(0, "a"), piece(2, "c")];
  expect(readOutput(events)).toMatchObject({ text: "ac", settled: 1 });
  expect(readOutput([...events, piece(1, "b")])).toMatchObject({ text: "abc", settled: 3 });
});

test("another run begins anew", () => {
  const events = [piece(0, "old"), piece(0, "new", "r2", 2)];
  expect(outputOf(events)).toBe("new");
  expect(readOutput(events)?.writer).not.toBe(readOutput(events.slice(0, 1))?.writer);
});

test("nothing was written", () => expect(outputOf([])).toBe(""));
