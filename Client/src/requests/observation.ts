import type { Readable } from "../store.js";
import { isDone, type RequestView } from "./view.js";

/** One request: a store for views, an async sequence for code that waits. The sequence ends with the request. */
export interface Observation extends Readable<RequestView>, AsyncIterable<RequestView> {}

export function observation(store: Readable<RequestView>, watch: () => () => void): Observation {
  const subscribe = (listener: () => void) => {
    const unsubscribe = store.subscribe(listener);
    const unwatch = watch();
    return () => {
      unsubscribe();
      unwatch();
    };
  };
  return { get: store.get, subscribe, [Symbol.asyncIterator]: () => iterate(store, subscribe) };
}

/** Yields the latest view whenever it is another one; views that passed while the reader was busy are skipped. */
async function* iterate(store: Readable<RequestView>, subscribe: Readable<RequestView>["subscribe"]): AsyncGenerator<RequestView, void> {
  let wake = () => {};
  const unsubscribe = subscribe(() => wake());
  try {
    for (let view = store.get(); ; view = store.get()) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      yield view;
      if (isDone(view) || view.phase.at === "not-found") return;
      if (store.get() === view) await changed;
    }
  } finally {
    unsubscribe();
  }
}
