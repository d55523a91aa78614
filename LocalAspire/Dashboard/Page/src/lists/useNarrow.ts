import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 720px)");

/** Where a row needs two lines. */
export function useNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      return () => narrow.removeEventListener("change", listener);
    },
    () => narrow.matches,
  );
}
