import { useSyncExternalStore } from "react";

/** The selected request is the fragment of the address: a reload, a bookmark and the back button all work. */
export function useSelection(): string | undefined {
  return useSyncExternalStore(subscribe, current);
}

export function select(id: string | undefined): void {
  location.hash = id ?? "";
}

/** The start at its top; the empty fragment is the place in the list that one came from. */
export const linkToStart = "#new";
export const linkToList = "#";

export function linkTo(id: string): string {
  return `#${id}`;
}

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

function current(): string | undefined {
  const id = location.hash.slice(1).toLowerCase();
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : undefined;
}
