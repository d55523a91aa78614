import { useCallback } from "react";
import { usePage, useShowTrouble } from "../client.js";
import { bytes } from "../format.js";
import { select } from "../selection.js";

/**
 * Submits one profile per file and shows the first of them at once; the others come into the list. What the server would refuse is not even sent.
 * Resolves to whether there is something to show.
 */
export function useSubmitFiles(): (files: readonly File[]) => Promise<boolean> {
  const { client, settings } = usePage();
  const showTrouble = useShowTrouble();
  return useCallback(
    async (files) => {
      try {
        const limit = settings.get().maxFileBytes ?? Infinity;
        const fitting = files.filter((file) => file.size <= limit);
        for (const [index, file] of fitting.entries()) {
          const id = await client.submit("csv-profile", {}, { label: file.name, files: { file } });
          if (index === 0) select(id);
        }
        const tooLarge = files.filter((file) => file.size > limit).map((file) => `${file.name} (${bytes(file.size)})`);
        if (tooLarge.length > 0) throw new Error(`Not sent, since a file may have ${bytes(limit)} at most: ${tooLarge.join(", ")}.`);
        return fitting.length > 0;
      } catch (error) {
        showTrouble(error);
        return false;
      }
    },
    [client, settings, showTrouble],
  );
}
