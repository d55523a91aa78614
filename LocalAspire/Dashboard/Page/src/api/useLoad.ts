import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "./call.js";
import { Refresher } from "./refresher.js";
import { useLive } from "./useLive.js";

export interface Loaded<T> {
  /** The answer to this question; `undefined` until it is there. */
  readonly data: T | undefined;
  readonly error: unknown;
  readonly reload: () => void;
}

/**
 * Reads an address, and again when something has arrived meanwhile. `address` is called for each read, since "the last five minutes" begin later
 * each time; `key` says when it is another question.
 */
export function useLoad<T>(key: string | undefined, address: () => string, follows = true): Loaded<T> {
  const [answer, setAnswer] = useState<{ readonly key: string; readonly data?: T; readonly error?: unknown }>();
  const build = useRef(address);
  const refresher = useRef<Refresher>(undefined);
  useEffect(() => {
    build.current = address;
  });
  useEffect(() => {
    if (key === undefined) return;
    const current = new Refresher(async (signal) => {
      try {
        const data = await get<T>(build.current(), signal);
        if (!signal.aborted) setAnswer({ key, data });
      } catch (error) {
        // What was shown stays; the error stands above it.
        if (!signal.aborted) setAnswer((before) => ({ ...(before?.key === key ? before : {}), key, error }));
      }
    });
    refresher.current = current;
    return () => current.stop();
  }, [key]);
  useTicks(follows, refresher);
  const reload = useCallback(() => refresher.current?.poke(), []);
  const isMine = answer?.key === key;
  return { data: isMine ? answer?.data : undefined, error: isMine ? answer?.error : undefined, reload };
}

/** Pokes after each arrival, but not for what was there before. */
export function useTicks(follows: boolean, refresher: { readonly current: Refresher | undefined }) {
  const tick = useLive((now) => now.tick);
  const seen = useRef(tick);
  useEffect(() => {
    if (seen.current === tick) return;
    seen.current = tick;
    if (follows) refresher.current?.poke();
  }, [tick, follows, refresher]);
}
