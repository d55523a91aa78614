import { useCallback, useSyncExternalStore } from "react";
import { type Filters, readFilters, writeFilters } from "./filters.js";

const listeners = new Set<() => void>();

/** The filters are the query of the address: a reload, a bookmark and a link to a colleague show the same. */
export function useFilters(): readonly [Filters, (change: Partial<Filters>) => void] {
  const search = useSyncExternalStore(subscribe, current);
  const filters = readFilters(search);
  const change = useCallback((changes: Partial<Filters>) => {
    const next = writeFilters({ ...readFilters(location.search), ...changes });
    history.replaceState(null, "", `${location.pathname}${next}${location.hash}`);
    for (const listener of listeners) listener();
  }, []);
  return [filters, change];
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function current(): string {
  return location.search;
}
