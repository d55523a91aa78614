import { useCallback, useEffect, useRef, useState } from "react";
import { get } from "../api/call.js";
import { Refresher } from "../api/refresher.js";
import { useTicks } from "../api/useLoad.js";
import type { Found } from "../api/wire.js";
import { append, arrive, begin, type CursorOf, flow, type Newest, show } from "./newest.js";

interface Question<T> {
  /** Another key is another list; without one nothing is asked. */
  readonly key: string | undefined;
  readonly address: (before: string | undefined) => string;
  readonly idOf: (item: T) => string;
  readonly cursorOf: CursorOf<T>;
  readonly follows: boolean;
  /** Asked when something arrives: may it be shown at once? */
  readonly mayMove: () => boolean;
}

export function useNewest<T>(question: Question<T>) {
  const { key, follows } = question;
  const [state, setState] = useState<{ readonly key: string | undefined; readonly list?: Newest<T>; readonly error?: unknown }>({ key });
  const asked = useRef(question);
  const head = useRef<Found<T>>(undefined);
  const refresher = useRef<Refresher>(undefined);
  const isReadingMore = useRef(false);
  useEffect(() => {
    asked.current = question;
  });

  useEffect(() => {
    isReadingMore.current = false;
    if (key === undefined) return setState({ key });
    const current = new Refresher(async (signal) => {
      const { address, idOf, cursorOf, mayMove } = asked.current;
      try {
        const page = await get<Found<T>>(address(undefined), signal);
        if (signal.aborted) return;
        head.current = page;
        setState((before) => {
          if (before.key !== key || before.list === undefined) return { key, list: begin(page, cursorOf) };
          const list = arrive(before.list, page, idOf, cursorOf);
          return { key, list: list.waiting.length > 0 && mayMove() ? flow(list, page, cursorOf) : list };
        });
      } catch (error) {
        if (!signal.aborted) setState((before) => ({ ...(before.key === key ? before : {}), key, error }));
      }
    });
    refresher.current = current;
    return () => current.stop();
  }, [key]);
  useTicks(follows, refresher);

  const isMine = state.key === key;
  const next = isMine ? state.list?.next : undefined;
  const loadMore = useCallback(async () => {
    if (next === undefined || isReadingMore.current) return;
    isReadingMore.current = true;
    const { address, idOf, cursorOf } = asked.current;
    try {
      const page = await get<Found<T>>(address(next));
      setState((before) => (before.key === key && before.list?.next === next ? { key, list: append(before.list, page, idOf, cursorOf) } : before));
    } catch (error) {
      setState((before) => (before.key === key ? { ...before, error } : before));
    } finally {
      isReadingMore.current = false;
    }
  }, [key, next]);
  const showWaiting = useCallback(() => {
    setState((before) => (before.list === undefined ? before : { ...before, list: show(before.list, head.current, asked.current.cursorOf) }));
  }, []);
  const reload = useCallback(() => refresher.current?.poke(), []);
  return { list: isMine ? state.list : undefined, error: isMine ? state.error : undefined, loadMore, showWaiting, reload };
}
