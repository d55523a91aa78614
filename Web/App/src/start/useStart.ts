import { useCallback, useRef } from "react";
import { useClient, useShowTrouble } from "../client.js";
import { select } from "../selection.js";
import { titleOf } from "../words.js";

/**
 * Submits and shows the new request, which takes the place of whatever asked for it. So only a submit that failed makes room for another one:
 * the second half of a double click comes before the place is taken.
 */
export function useStart(): (kind: string, payload: Readonly<Record<string, unknown>>, label?: string) => void {
  const client = useClient();
  const showTrouble = useShowTrouble();
  const isBusy = useRef(false);
  return useCallback(
    (kind, payload, label = titleOf(kind, payload)) => {
      if (isBusy.current) return;
      isBusy.current = true;
      client.submit(kind, payload, label === undefined ? {} : { label }).then(select, (error: unknown) => {
        isBusy.current = false;
        showTrouble(error);
      });
    },
    [client, showTrouble],
  );
}
