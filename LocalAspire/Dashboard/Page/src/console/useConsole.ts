import { useEffect, useRef, useState } from "react";
import { get, query } from "../api/call.js";
import { useLive, useLiveStream } from "../api/useLive.js";
import type { ConsoleLine, ConsolePage } from "../api/wire.js";
import { join } from "./lines.js";

const paintMs = 100;

/** What was written before the page came, then what is written, a batch at a time. */
export function useConsole(resource: string | undefined, run: string | undefined, isPaused: boolean) {
  const live = useLiveStream();
  const connection = useLive((now) => now.connection);
  const runNow = useLive((now) => now.settings?.run.id);
  const [lines, setLines] = useState<readonly ConsoleLine[]>();
  const [dropped, setDropped] = useState(0);
  const [waiting, setWaiting] = useState(0);
  const [error, setError] = useState<unknown>();
  const paused = useRef(isPaused);
  const arrived = useRef<readonly ConsoleLine[]>([]);
  const paint = useRef<() => void>(undefined);

  useEffect(() => {
    paused.current = isPaused;
    if (!isPaused) paint.current?.();
  }, [isPaused]);

  useEffect(() => {
    // Opened anew when the AppHost is back: it begins with what was before.
    if (connection !== "open") return;
    const abort = new AbortController();
    let stop: (() => void) | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    arrived.current = [];
    const show = () => {
      timer = undefined;
      if (paused.current) return setWaiting(arrived.current.length);
      const batch = arrived.current;
      arrived.current = [];
      setWaiting(0);
      if (batch.length > 0) setLines((before) => join(before ?? [], batch));
    };
    paint.current = show;
    const open = async () => {
      try {
        const page = await get<ConsolePage>(`/api/console${query({ resource, run, limit: "10000" })}`, abort.signal);
        if (abort.signal.aborted) return;
        setLines(page.lines);
        setDropped(page.dropped ?? 0);
        setError(undefined);
        if (run !== undefined) return;
        stop = live.read(resource, page.next, (more) => {
          arrived.current = join(arrived.current, more);
          timer ??= setTimeout(show, paintMs);
        });
      } catch (reason) {
        if (!abort.signal.aborted) setError(reason);
      }
    };
    void open();
    return () => {
      abort.abort();
      stop?.();
      clearTimeout(timer);
    };
  }, [live, resource, run, connection, runNow]);
  return { lines, dropped, waiting, error };
}
