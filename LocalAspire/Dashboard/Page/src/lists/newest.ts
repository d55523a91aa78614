import type { Found } from "../api/wire.js";

/** A list with the newest first that never moves by itself: what arrived meanwhile waits above it. */
export interface Newest<T> {
  readonly items: readonly T[];
  readonly waiting: readonly T[];
  /** More arrived than one page holds: to show them is to begin anew. */
  readonly hasGap: boolean;
  readonly matched: number;
  readonly next: string | undefined;
}

export type CursorOf<T> = (page: Found<T>) => string | undefined;

export function begin<T>(page: Found<T>, cursorOf: CursorOf<T>): Newest<T> {
  return { items: page.items, waiting: [], hasGap: false, matched: page.matched, next: cursorOf(page) };
}

/** The first page, read again: what is known is brought up to date in its place, what is new waits. */
export function arrive<T>(list: Newest<T>, page: Found<T>, idOf: (item: T) => string, cursorOf: CursorOf<T>): Newest<T> {
  if (list.items.length === 0 || page.items.length === 0) return begin(page, cursorOf);
  const now = new Map(page.items.map((item) => [idOf(item), item]));
  const items = list.items.map((item) => now.get(idOf(item)) ?? item);
  const known = new Set(list.items.map(idOf));
  const waiting = page.items.filter((item) => !known.has(idOf(item)));
  return { ...list, items, waiting, hasGap: waiting.length === page.items.length, matched: page.matched };
}

const mostShown = 1_000;

/** What comes into a list that nobody touches: then its far end may go, or a page that is open for days would keep all that has ever come. */
export function flow<T>(list: Newest<T>, page: Found<T>, cursorOf: CursorOf<T>): Newest<T> {
  const shown = show(list, page, cursorOf);
  return shown.items.length > mostShown ? begin(page, cursorOf) : shown;
}

export function show<T>(list: Newest<T>, page: Found<T> | undefined, cursorOf: CursorOf<T>): Newest<T> {
  if (list.hasGap && page !== undefined) return begin(page, cursorOf);
  return { ...list, items: [...list.waiting, ...list.items], waiting: [], hasGap: false };
}

export function append<T>(list: Newest<T>, page: Found<T>, idOf: (item: T) => string, cursorOf: CursorOf<T>): Newest<T> {
  const known = new Set(list.items.map(idOf));
  return { ...list, items: [...list.items, ...page.items.filter((item) => !known.has(idOf(item)))], next: cursorOf(page) };
}
