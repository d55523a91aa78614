import { useEffect, useState } from "react";
import { useLive } from "../api/useLive.js";
import type { Counts } from "../api/wire.js";
import { count } from "../format.js";
import { useFilter, useRoute } from "../routing/useRoute.js";

const patienceMs = 1200;

/** What puts everything below it into another light. */
export function Notices() {
  const { query } = useRoute();
  const filter = useFilter();
  const isLost = useLasting(useLive((now) => now.connection === "lost"));
  const counts = useLive((now) => now.counts);
  const [seen, setSeen] = useState("");
  const dropped = counts ? droppedWords(counts) : "";
  return (
    <div className="notices" aria-live="polite">
      {isLost && (
        <p className="notice notice-bad" role="alert">
          The AppHost has stopped; what it showed last is below. The page comes back with it.
        </p>
      )}
      {query.get("run") && (
        <p className="notice notice-quiet">
          <span>You are looking at an earlier run. Resources are those of now.</span>
          <button type="button" className="link-button" onClick={() => filter({ run: "" })}>
            Back to this run
          </button>
        </p>
      )}
      {dropped && dropped !== seen && (
        <p className="notice notice-held">
          <span>{dropped}</span>
          <button type="button" className="link-button" onClick={() => setSeen(dropped)}>
            Understood
          </button>
        </p>
      )}
    </div>
  );
}

export function droppedWords({ dropped }: Counts): string {
  const parts = [
    dropped.spans > 0 && count(dropped.spans, "span"),
    dropped.logs > 0 && count(dropped.logs, "log"),
    dropped.points > 0 && count(dropped.points, "metric point"),
  ].filter(Boolean);
  const lost = parts.length === 0 ? "" : `More came in than could be taken: ${parts.join(", ")} dropped. What is shown is incomplete.`;
  const unwritten = (dropped.recordings ?? 0) > 0 ? "The disk did not keep up: after a restart a part of this run will be missing." : "";
  return [lost, unwritten].filter(Boolean).join(" ");
}

/** A reconnection of a moment is no news. */
function useLasting(value: boolean): boolean {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLasting(value), value ? patienceMs : 0);
    return () => clearTimeout(timer);
  }, [value]);
  return lasting;
}
