import { Store } from "aspire-feedback";
import { expect, it } from "vitest";
import { calm } from "../src/calm.js";

it("passes a burst of changes on as one, the last of it, and rests until the next", () => {
  const frames: (() => void)[] = [];
  const rests: (() => void)[] = [];
  const source = new Store(0);
  const shown = calm(source, (act) => void frames.push(act), (act) => void rests.push(act));
  const seen: number[] = [];
  shown.subscribe(() => seen.push(shown.get()));

  source.set(1);
  source.set(2);
  expect([seen, frames.length]).toEqual([[], 1]);
  frames.shift()?.();
  expect(seen).toEqual([2]);
  source.set(3);
  source.set(4);
  expect(frames.length).toBe(0);
  rests.shift()?.();
  frames.shift()?.();
  expect(seen).toEqual([2, 4]);
  rests.shift()?.();
  expect(frames.length).toBe(0);
  source.set(5);
  expect(frames.length).toBe(1);
});
