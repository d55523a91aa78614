/** Resolves after `ms`, or earlier when `nudge` fires a "nudge" event; rejects when the signal aborts. */
export function pause(ms: number, signal: AbortSignal, nudge?: EventTarget): Promise<void> {
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
    const nudged = finish(resolve);
    const timer = setTimeout(nudged, ms);
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

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new DOMException("Stopped.", "AbortError");
}
