import type { SubmitOptions } from "aspire-feedback";
import { useCallback, useRef } from "react";
import { useClient, useShowTrouble } from "../client.js";
import { select } from "../selection.js";

/** Submits and shows the new request. While one is being written down, another click is the second half of a double click. */
export function useStart(): (kind: string, payload: Readonly<Record<string, unknown>>, options?: SubmitOptions) => void {
  const client = useClient();
  const showTrouble = useShowTrouble();
  const isBusy = useRef(false);
  return useCallback(
    (kind, payload, options) => {
      if (isBusy.current) return;
      isBusy.current = true;
      client
        .submit(kind, payload, options)
        .then(select, showTrouble)
        .finally(() => (isBusy.current = false));
    },
    [client, showTrouble],
  );
}
