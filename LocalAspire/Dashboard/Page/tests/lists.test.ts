import { describe, expect, it } from "vitest";
import type { Found } from "../src/api/wire.js";
import { append, arrive, begin, flow, show } from "../src/lists/newest.js";
import { rowOf } from "../src/lists/rowOf.js";
import { rowsInView } from "../src/lists/rowsInView.js";

interface Item {
  readonly id: string;
  readonly spans?: number;
}

const page = (ids: string, more: Partial<Found<Item>> = {}): Found<Item> => ({ items: [...ids].map((id) => ({ id })), matched: ids.length, ...more });
const idOf = ({ id }: Item) => id;
const cursorOf = ({ next }: Found<Item>) => (next === undefined ? undefined : String(next));
const ids = (items: readonly Item[]) => items.map(idOf).join("");

describe("a list with the newest first", () => {
  it("does not move when something arrives: it waits above", () => {
    const list = arrive(begin(page("cba"), cursorOf), page("edcba"), idOf, cursorOf);
    expect([ids(list.items), ids(list.waiting), list.hasGap]).toEqual(["cba", "ed", false]);
    expect(ids(show(list, page("edcba"), cursorOf).items)).toBe("edcba");
  });

  it("brings what is known up to date in its place", () => {
    const list = arrive(begin(page("ba"), cursorOf), { items: [{ id: "b", spans: 9 }], matched: 2 }, idOf, cursorOf);
    expect(list.items).toEqual([{ id: "b", spans: 9 }, { id: "a" }]);
  });

  it("begins anew where more arrived than a page holds", () => {
    const list = arrive(begin(page("ba"), cursorOf), page("zyx", { next: 3 }), idOf, cursorOf);
    expect([ids(list.items), list.hasGap]).toEqual(["ba", true]);
    const shown = show(list, page("zyx", { next: 3 }), cursorOf);
    expect([ids(shown.items), shown.next]).toEqual(["zyx", "3"]);
  });

  it("does not grow without end where it flows by untouched", () => {
    let list = begin(page("a"), cursorOf);
    const lengths: number[] = [];
    for (let step = 1; step <= 40; step++) {
      const news = Array.from({ length: 40 }, (_, index) => ({ id: `${step}.${index}` }));
      const head: Found<Item> = { items: [...news, ...list.items.slice(0, 60)], matched: step * 40, next: `end of ${step}` };
      list = flow(arrive(list, head, idOf, cursorOf), head, cursorOf);
      expect(list.items[0]?.id).toBe(`${step}.0`);
      lengths.push(list.items.length);
    }
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1_000);
    // It was cut once, to one page, and reading on begins where that ends.
    expect([lengths[24], list.next]).toEqual([100, "end of 25"]);
  });

  it("is empty when everything was cleared", () => {
    expect(arrive(begin(page("ba"), cursorOf), page(""), idOf, cursorOf).items).toEqual([]);
  });

  it("grows at its end without doubles", () => {
    const list = append(begin(page("dc", { next: "c" }), cursorOf), page("cba"), idOf, cursorOf);
    expect([ids(list.items), list.next]).toEqual(["dcba", undefined]);
  });
});

it("the row with the focus is found by its key, wherever it has moved", () => {
  const keyOf = (index: number) => "edcba"[index] ?? index;
  expect([rowOf("c", 2, 5, keyOf), rowOf("c", 0, 5, keyOf), rowOf("c", 9, 5, keyOf)]).toEqual([2, 2, 2]);
  expect([rowOf("z", 2, 5, keyOf), rowOf(undefined, 0, 5, keyOf), rowOf("a", 4, 3, keyOf)]).toEqual([-1, -1, -1]);
});

describe("the rows in view", () => {
  it("are few, however long the list is", () => {
    const { first, last } = rowsInView(100_000, 600, 30, 10_000);
    expect(last - first).toBeLessThan(50);
    expect(first * 30).toBeLessThanOrEqual(100_000);
    expect((last + 1) * 30).toBeGreaterThanOrEqual(100_600);
  });

  it("are there when the list has become shorter than where it is scrolled to", () => {
    expect(rowsInView(100_000, 600, 30, 10)).toEqual({ first: 0, last: 9 });
    expect(rowsInView(0, 600, 30, 0).last).toBe(-1);
  });
});
