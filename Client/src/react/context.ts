import { createContext, createElement, type ReactElement, type ReactNode, useContext, useSyncExternalStore } from "react";
import type { FeedbackClient } from "../client.js";
import type { ConnectionState } from "../following/liveFeed.js";
import type { Readable } from "../store.js";

const FeedbackContext = createContext<FeedbackClient | undefined>(undefined);

export interface FeedbackProviderProps {
  /** Made and run outside of React: it belongs to the page, and a component may come and go. */
  readonly client: FeedbackClient;
  readonly children?: ReactNode;
}

export function FeedbackProvider({ client, children }: FeedbackProviderProps): ReactElement {
  return createElement(FeedbackContext.Provider, { value: client }, children);
}

export function useFeedbackClient(): FeedbackClient {
  const client = useContext(FeedbackContext);
  if (client === undefined) throw new Error("There is no <FeedbackProvider> above this component.");
  return client;
}

export function useConnection(): ConnectionState {
  return useReadable(useFeedbackClient().connection);
}

export function useReadable<T>({ get, subscribe }: Readable<T>): T {
  return useSyncExternalStore(subscribe, get, get);
}
