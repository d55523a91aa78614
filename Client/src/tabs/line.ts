import type { ConnectionState } from "../following/liveFeed.js";
import type { Changed, StatusDocument } from "../wire.js";

/** What tabs say to each other. Only a ping comes from a tab that follows; the others come from the one that leads. */
export type TabMessage =
  | { readonly tell: "ping"; readonly isHidden?: boolean }
  /** `untold` counts what was not told, since nobody was there to hear it. */
  | { readonly tell: "state"; readonly state: ConnectionState; readonly isHidden: boolean; readonly untold?: number }
  | { readonly tell: "changed"; readonly changed: Changed }
  | { readonly tell: "list"; readonly statuses: readonly StatusDocument[] };

/** The part of a BroadcastChannel that is used. */
export interface Line {
  onmessage: ((event: { readonly data: TabMessage }) => void) | null;
  postMessage(message: TabMessage): void;
  close(): void;
}

/** How the tabs of one origin find each other. */
export interface Tabs {
  readonly locks: Pick<LockManager, "request">;
  open(name: string): Line;
}

/** Undefined where a browser has none of it, or only half (no secure context): then each tab has a connection of its own. */
export function browserTabs(): Tabs | undefined {
  if (typeof document === "undefined" || typeof BroadcastChannel === "undefined") return undefined;
  const locks = navigator.locks as LockManager | null | undefined;
  return locks ? { locks, open: (name) => new BroadcastChannel(name) as Line } : undefined;
}
