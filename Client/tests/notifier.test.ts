import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type RequestView, Store } from "../src/index.js";
import { notifyOfEnds } from "../src/notifier.js";
import { emptyView } from "../src/requests/view.js";

const shown: { title: string; tag?: string; onclick?: () => void; close: () => void }[] = [];
let requests: Store<readonly RequestView[]>;
let isUnwatched: boolean;

const view = (id: string, done: boolean): RequestView => ({
  ...emptyView(id),
  phase: { at: "accepted" },
  status: { id, kind: "echo", status: done ? "Succeeded" : "Running", done, version: done ? 2 : 1, createdAt: "", lastUpdatedAt: "" },
});

beforeEach(() => {
  shown.length = 0;
  isUnwatched = true;
  vi.stubGlobal("Notification", class {
    static permission = "granted";
    close = vi.fn();
    constructor(readonly title: string, { tag }: { tag: string }) {
      shown.push(Object.assign(this, { tag }));
    }
  });
  requests = new Store<readonly RequestView[]>([]);
  notifyOfEnds(requests, ({ id }) => ({ title: `${id} is done` }), () => isUnwatched);
});
afterEach(() => vi.unstubAllGlobals());

test("what ends while nobody looks is told once", () => {
  requests.set([view("a", false)]);
  requests.set([view("a", true)]);
  requests.set([view("a", true), view("b", false)]);
  expect(shown.map(({ title, tag }) => [title, tag])).toEqual([["a is done", "a"]]);
});

test("what had ended before, or ends before somebody's eyes, is no news", () => {
  requests.set([view("a", true), view("b", false)]);
  isUnwatched = false;
  requests.set([view("a", true), view("b", true)]);
  isUnwatched = true;
  requests.set([view("a", true), view("b", true), view("c", false)]);
  expect(shown).toEqual([]);
});

test("nothing is shown without the person's permission", () => {
  (Notification as unknown as { permission: string }).permission = "denied";
  requests.set([view("a", false)]);
  requests.set([view("a", true)]);
  expect(shown).toEqual([]);
});

test("a click leads back to the page", () => {
  vi.stubGlobal("window", { focus: vi.fn() });
  requests.set([view("a", false)]);
  requests.set([view("a", true)]);
  shown[0]?.onclick?.();
  expect(window.focus).toHaveBeenCalled();
  expect(shown[0]?.close).toHaveBeenCalled();
});

test("where the browser lets no page show one, others still hear of the change", () => {
  vi.stubGlobal("Notification", class {
    static permission = "granted";
    constructor() {
      throw new TypeError("Illegal constructor.");
    }
  });
  const heard = vi.fn();
  requests.subscribe(heard);
  requests.set([view("a", false)]);
  requests.set([view("a", true)]);
  expect(heard).toHaveBeenCalledTimes(2);
});
