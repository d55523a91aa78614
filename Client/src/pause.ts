import type { Readable } from "./store.js";

/** Resolves to false after `ms`, or earlier to true when `nudge` fires a "nudge" event; rejects when the signal aborts. */
export function pause(ms: number, signal: AbortSignal, nudge?: EventTarget): Promise<boolean> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(abortReason(signal));
      return;
    }
    const finish = (settle: () => void) => () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", aborted);
      nudge?.removeEventListener("nudge", nudged);
      settle();
    };
    const aborted = finish(() => reject(abortReason(signal)));
    const nudged = finish(() => resolve(true));
    const timer = setTimeout(finish(() => resolve(false)), ms);
    signal.addEventListener("abort", aborted);
    nudge?.addEventListener("nudge", nudged);
  });
}

/** A signal that aborts with `signal`, or when `ms` have passed; `dispose` frees its timer. */
export function deadline(ms: number, signal?: AbortSignal): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  const aborted = () => controller.abort(signal?.reason);
  if (signal?.aborted) aborted();
  signal?.addEventListener("abort", aborted);
  return {
    signal: controller.signal,
    dispose() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    },
  };
}

/** A promise that rejects when the signal aborts; `dispose` lets go of the signal. */
export function aborted(signal: AbortSignal | undefined): { readonly promise: Promise<never>; dispose(): void } {
  let dispose = () => {};
  const promise = new Promise<never>((_, reject) => {
    const fail = () => reject(abortReason(signal));
    if (signal?.aborted) fail();
    signal?.addEventListener("abort", fail, { once: true });
    dispose = () => signal?.removeEventListener("abort", fail);
  });
  // It may reject when nobody waits any more.
  promise.catch(() => undefined);
  return { promise, dispose };
}

/** The promise, or an end of the waiting when the signal aborts. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  const stopped = aborted(signal);
  try {
    return await Promise.race([promise, stopped.promise]);
  } finally {
    stopped.dispose();
  }
}

/** Waits for the first value that is one. */
export async function known<T>(store: Readable<T | undefined>, signal: AbortSignal): Promise<T> {
  let unsubscribe = () => {};
  const found = new Promise<T>((resolve) => {
    const look = () => {
      const value = store.get();
      if (value !== undefined) resolve(value);
    };
    unsubscribe = store.subscribe(look);
    look();
  });
  try {
    return await unlessAborted(found, signal);
  } finally {
    unsubscribe();
  }
}

/** A controller that aborts with `signal` too, and always for the same reason: inside, every end is an AbortError. */
export function linked(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (signal.aborted) abort();
  else {
    signal.addEventListener("abort", abort, { once: true });
    controller.signal.addEventListener("abort", () => signal.removeEventListener("abort", abort));
  }
  return controller;
}

function abortReason(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new DOMException("Stopped.", "AbortError");
}
