import { useCallback, useState } from "react";
import { useNarrow } from "../lists/useNarrow.js";

const key = "dashboard-wrap";

/** As it was chosen last in this browser; otherwise only where a line hardly fits. */
export function useWrap(): readonly [boolean, () => void] {
  const isNarrow = useNarrow();
  const [chosen, setChosen] = useState(read);
  const wraps = chosen ?? isNarrow;
  const change = useCallback(() => {
    setChosen(!wraps);
    try {
      localStorage.setItem(key, String(!wraps));
    } catch {
      // A browser that keeps nothing asks again next time.
    }
  }, [wraps]);
  return [wraps, change];
}

function read(): boolean | undefined {
  try {
    const kept = localStorage.getItem(key);
    return kept === null ? undefined : kept === "true";
  } catch {
    return undefined;
  }
}
