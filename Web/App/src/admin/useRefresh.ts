import { useCallback, useEffect, useRef, useState } from "react";

/**
 * Runs `load` at once, when asked, and every `everyMs` as long as somebody can see the page; `undefined` only when asked. A load that is overtaken
 * by a later one is aborted.
 */
export function useRefresh(load: (signal: AbortSignal) => Promise<void>, everyMs: number | undefined, onError: (error: unknown) => void) {
  const running = useRef<AbortController>(undefined);
  const [isBusy, setBusy] = useState(false);
  const refresh = useCallback(async () => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    setBusy(true);
    try {
      await load(abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) onError(error);
    } finally {
      if (running.current === abort) setBusy(false);
    }
  }, [load, onError]);

  useEffect(() => {
    void refresh();
    return () => running.current?.abort();
  }, [refresh]);

  useEffect(() => {
    if (everyMs === undefined) return;
    const tick = () => {
      if (document.visibilityState === "visible") void refresh();
    };
    const timer = setInterval(tick, everyMs);
    document.addEventListener("visibilitychange", tick);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", tick);
    };
  }, [refresh, everyMs]);

  return { refresh, isBusy };
}
