import type { FeedbackClient, Readable, Store } from "aspire-feedback";
import { createContext, use, useCallback, useSyncExternalStore } from "react";

export interface Page {
  readonly client: FeedbackClient;
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
