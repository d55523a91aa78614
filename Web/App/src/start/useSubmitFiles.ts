import { useCallback } from "react";
import { useClient, useShowTrouble } from "../client.js";
import { select } from "../selection.js";
import { guessSeparator } from "./guessSeparator.js";

/** Submits one profile per file and shows the last of them. */
export function useSubmitFiles(): (files: readonly File[]) => void {
  const client = useClient();
  const showTrouble = useShowTrouble();
  return useCallback(
    (files) => {
      const submitAll = async () => {
        for (const file of files) {
          const separator = guessSeparator(await file.slice(0, 8192).text());
          const payload = separator === "," ? {} : { separator };
          select(await client.submit("csv-profile", payload, { label: file.name, files: { file } }));
        }
      };
      submitAll().catch(showTrouble);
    },
    [client, showTrouble],
  );
}
