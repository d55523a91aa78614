import { describe, expect, it } from "vitest";
import { backoffDelay, uuidV7 } from "../src/index.js";
import { newTraceparent } from "../src/traceparent.js";

describe("an id made on this device", () => {
  it("is a UUID of version 7 that carries its time", () => {
    const id = uuidV7(0x0192_3456_789a, new Uint8Array(16).fill(0xff));
    expect(id).toBe("01923456-789a-7fff-bfff-ffffffffffff");
  });

  it("sorts by the time it was made", () => {
    expect(uuidV7(1_000_000_000_000) < uuidV7(1_000_000_000_001)).toBe(true);
  });

  it("starts a sampled trace", () => {
    expect(newTraceparent()).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });
});

describe("the delay before the next attempt", () => {
  it("doubles its ceiling up to the cap", () => {
    const ceilings = [0, 1, 2, 10, 2000].map((attempt) => backoffDelay(attempt, 1));
    expect(ceilings).toEqual([500, 1000, 2000, 30_000, 30_000]);
  });

  it("may be nothing at all, so that clients spread out", () => expect(backoffDelay(5, 0)).toBe(0));

  it("is never shorter than the server asked for", () => expect(backoffDelay(0, 0, undefined, 7000)).toBe(7000));
});
