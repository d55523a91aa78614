import type { FeedbackClient, Readable, RequestView, Store } from "aspire-feedback";
import { createContext, use, useCallback, useSyncExternalStore } from "react";
import type { NoticeStore } from "./notices.js";
import type { SeenStore } from "./seen.js";
import type { Settings } from "./settings.js";

export interface Page {
  readonly client: FeedbackClient;
  /** The client's requests, at the pace of the screen. */
  readonly requests: Readable<readonly RequestView[]>;
  readonly settings: Readable<Settings>;
  readonly seen: SeenStore;
  readonly notices: NoticeStore;
  /** What went wrong with the last thing the person did, when no request can tell it. */
  readonly trouble: Store<string | undefined>;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = use(PageContext);
  if (page === undefined) throw new Error("There is no page above this component.");
  return page;
}

export function useClient(): FeedbackClient {
  return usePage().client;
}

export function useShowTrouble(): (error: unknown) => void {
  const { trouble } = usePage();
  return useCallback((error) => trouble.set(error instanceof Error && error.message ? error.message : "That did not work."), [trouble]);
}

export function useStore<T>(store: Readable<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}
