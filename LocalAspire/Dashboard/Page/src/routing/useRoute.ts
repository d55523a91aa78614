import { useCallback, useMemo, useSyncExternalStore } from "react";
import { addressOf, changedAddress, readRoute, type Route, type Values } from "./route.js";

const listeners = new Set<() => void>();

export function navigate(address: string, replaces = false) {
  if (address === location.pathname + location.search) return;
  if (replaces) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  for (const listener of listeners) listener();
}

/** Links of this page change the address without a load; all others are the browser's. Returns what ends it. */
export function followLinks(): () => void {
  const onClick = (event: MouseEvent) => {
    const isPlain = event.button === 0 && !event.defaultPrevented && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    const link = isPlain && event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (link.pathname.startsWith("/api/") || link.pathname.startsWith("/login") || link.getAttribute("href")?.startsWith("#")) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  };
  document.addEventListener("click", onClick);
  return () => document.removeEventListener("click", onClick);
}

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, current);
  return useMemo(() => {
    const [path = "/", search = ""] = address.split("?", 2);
    return readRoute(path, search);
  }, [address]);
}

/** An address for a link, with the run and the time that are looked at. */
export function useLinks(): (path: string, values?: Values) => string {
  const { query } = useRoute();
  return useCallback((path, values = {}) => addressOf(path, values, query), [query]);
}

/** Changes filters of this page. Typing replaces the address, choosing makes a step to come back to. */
export function useFilter(): (changes: Values, replaces?: boolean) => void {
  return useCallback((changes, replaces = false) => {
    navigate(changedAddress(location.pathname, new URLSearchParams(location.search), changes), replaces);
  }, []);
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
  return location.pathname + location.search;
}
