import { createContext, use, useSyncExternalStore } from "react";
import type { Live, Now } from "./live.js";

export const LiveContext = createContext<Live | undefined>(undefined);

export function useLiveStream(): Live {
  const live = use(LiveContext);
  if (live === undefined) throw new Error("There is no live stream around this part of the page.");
  return live;
}

export function useLive<T>(select: (now: Now) => T): T {
  const live = useLiveStream();
  return useSyncExternalStore(live.subscribe, () => select(live.now));
}
