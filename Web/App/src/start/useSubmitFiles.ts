import { useCallback } from "react";
import { useClient, useShowTrouble } from "../client.js";
import { select } from "../selection.js";

/** Submits one profile per file and shows the last of them. */
export function useSubmitFiles(): (files: readonly File[]) => void {
  const client = useClient();
  const showTrouble = useShowTrouble();
  return useCallback(
    (files) => {
      const submitAll = async () => {
        for (const file of files) select(await client.submit("csv-profile", {}, { label: file.name, files: { file } }));
      };
      submitAll().catch(showTrouble);
    },
    [client, showTrouble],
  );
}
