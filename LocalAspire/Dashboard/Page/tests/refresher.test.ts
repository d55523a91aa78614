import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Refresher } from "../src/api/refresher.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const taking = (ms: number, begun: number[]) => async () => {
  begun.push(Date.now());
  await new Promise((done) => setTimeout(done, ms));
};

/** When reads began, from the first on, while something arrives all the time. */
async function during(ms: number, read: () => Promise<void>, begun: readonly number[]) {
  const refresher = new Refresher(read, 1000);
  for (let at = 0; at < ms; at += 100) {
    refresher.poke();
    await vi.advanceTimersByTimeAsync(100);
  }
  refresher.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  return begun.map((at) => at - (begun[0] ?? 0));
}

it("what is quick is read once a pause, however often it is poked", async () => {
  const begun: number[] = [];
  expect(await during(3500, taking(10, begun), begun)).toEqual([0, 1000, 2000, 3000]);
});

it("what takes long is read for a quarter of the time", async () => {
  const begun: number[] = [];
  expect(await during(9000, taking(1000, begun), begun)).toEqual([0, 4000, 8000]);
});
