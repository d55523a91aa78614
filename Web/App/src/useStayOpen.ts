import type { RequestView } from "aspire-feedback";
import { useEffect } from "react";

/** Asks before the page is left while a file is on its way that only this page has. */
export function useStayOpen(requests: readonly RequestView[]): void {
  const isNeeded = requests.some(isNeededFor);
  useEffect(() => {
    if (!isNeeded) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [isNeeded]);
}

export function isNeededFor({ keepOpen = false, phase }: RequestView): boolean {
  return keepOpen && (phase.at === "uploading" || phase.at === "sending" || phase.at === "waiting");
}
