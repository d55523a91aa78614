import { expect, it } from "vitest";
import { Chunk, NotLoaded } from "../src/shell/chunk.js";

it("a part of the page that could not be loaded is loaded again only when the failure is forgotten", async () => {
  let loads = 0;
  const chunk = new Chunk(async () => {
    if (++loads === 1) throw new Error("gone");
    return "page";
  });
  const failure: unknown = await chunk.read().catch((error: unknown) => error);
  expect(await chunk.read().catch((error: unknown) => error)).toBe(failure);
  expect(loads).toBe(1);
  if (!(failure instanceof NotLoaded)) throw new Error("The failure does not say how to go on.");
  failure.forget();
  expect([await chunk.read(), await chunk.read(), loads]).toEqual(["page", "page", 2]);
});
