import { expect, test } from "vitest";
import { Turns } from "../src/sending/turns.js";

const forever = () => new AbortController().signal;

test("who stops waiting leaves the line, and nobody's turn is lost", async () => {
  const turns = new Turns(1);
  const done: string[] = [];
  let finish = () => {};
  const first = turns.take(forever(), () => new Promise<void>((resolve) => (finish = resolve)));
  const impatient = new AbortController();
  const second = turns.take(impatient.signal, async () => void done.push("second"));
  const third = turns.take(forever(), async () => void done.push("third"));
  // In one step: the one that is next leaves, and the turn becomes free.
  impatient.abort();
  finish();
  await expect(second).rejects.toMatchObject({ name: "AbortError" });
  await Promise.all([first, third]);
  expect(done).toEqual(["third"]);
  await turns.take(forever(), async () => void done.push("fourth"));
  expect(done).toEqual(["third", "fourth"]);
});
