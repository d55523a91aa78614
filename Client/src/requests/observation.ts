import { aborted, deadline } from "../pause.js";
import type { Readable } from "../store.js";
import type { RequestEvent } from "../wire.js";
import { readOutput } from "./output.js";
import { isDone, isWhole, type RequestView } from "./view.js";

/** What the owner of a request can do about it. */
export interface RequestActions {
  /** Asks to stop. Before anything was sent it is gone at once; afterwards the server decides, and the view tells. */
  cancel(signal?: AbortSignal): Promise<void>;
  /** Gives a held request new attempts. */
  retry(signal?: AbortSignal): Promise<void>;
  /** Answers the question under `status.input`. */
  answer(key: string, answer: unknown, signal?: AbortSignal): Promise<void>;
}

/** One request: a store for views, sequences for code that waits. Each sequence ends with the request; all reject when the signal of `observe` aborts. */
export interface Observation extends Readable<RequestView>, AsyncIterable<RequestView>, RequestActions {
  /** Every event once, in order. */
  events(): AsyncGenerator<RequestEvent, void>;
  /** The output as it comes, in pieces, in the order in which it was written: what stands behind a gap waits for it. What an attempt had written before another one began anew stays told. */
  output(): AsyncGenerator<string, void>;
  /** The last view: ended on the server, refused, or unknown there. */
  ended(): Promise<RequestView>;
}

/** The end is known, and what led to it is on its way; when it does not come, the end is told without. */
const restWithinMs = 60_000;

export function observation(store: Readable<RequestView>, watch: () => () => void, actions: RequestActions, signal?: AbortSignal): Observation {
  const subscribe = (listener: () => void) => {
    const unsubscribe = store.subscribe(listener);
    const unwatch = watch();
    return () => {
      unsubscribe();
      unwatch();
    };
  };
  const views = () => iterate(store, subscribe, signal);
  return {
    ...actions,
    get: store.get,
    subscribe,
    [Symbol.asyncIterator]: views,
    async *events() {
      let told = 0;
      for await (const { events } of views()) for (; told < events.length; told++) yield events[told] as RequestEvent;
    },
    async *output() {
      let [told, by] = [0, ""];
      for await (const view of views()) {
        const output = readOutput(view.events);
        if (output === undefined) continue;
        if (output.writer !== by) [told, by] = [0, output.writer];
        // What stands behind a gap waits for it; at the end there is nothing more to wait for.
        const until = hasEnded(view) ? output.text.length : output.settled;
        if (until > told) yield output.text.slice(told, until);
        told = Math.max(told, until);
      }
    },
    async ended() {
      for await (const view of views()) if (hasEnded(view)) return view;
      return store.get();
    },
  };
}

/** Yields the latest view whenever it is another one; views that passed while the reader was busy are skipped. */
async function* iterate(store: Readable<RequestView>, subscribe: Readable<RequestView>["subscribe"], signal?: AbortSignal): AsyncGenerator<RequestView, void> {
  let wake = () => {};
  const unsubscribe = subscribe(() => wake());
  const stopped = aborted(signal);
  try {
    for (let view = store.get(); ; view = store.get()) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      signal?.throwIfAborted();
      yield view;
      if (hasEnded(view)) return;
      if (store.get() !== view) continue;
      const rest = isDone(view) ? deadline(restWithinMs) : undefined;
      const isLate = await Promise.race([changed, stopped.promise, ...(rest ? [aborted(rest.signal).promise.catch(() => true)] : [])]);
      rest?.dispose();
      if (isLate) return;
    }
  } finally {
    stopped.dispose();
    unsubscribe();
  }
}

function hasEnded(view: RequestView): boolean {
  return view.phase.at === "not-found" || (isDone(view) && (view.status === undefined || isWhole(view)));
}
