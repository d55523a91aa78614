import { useLive } from "../api/useLive.js";
import { useRun } from "../api/useRun.js";
import { bytes, integer } from "../format.js";

/** How much is held in memory, beside how much can be. */
export function Totals() {
  const counts = useLive((now) => now.counts);
  const limits = useLive((now) => now.settings?.limits);
  const version = useLive((now) => now.settings?.version);
  // They are those of the run of now.
  const isNow = useRun().isNow;
  if (!counts || !isNow) return <footer className="totals">{version && <span>{version}</span>}</footer>;
  const part = (label: string, value: number, limit: number | undefined) => (
    <span key={label} className={limit !== undefined && value >= limit ? "full" : undefined} title={limit === undefined ? undefined : `${integer(limit)} at most, the oldest go first`}>
      {integer(value)} {label}
    </span>
  );
  return (
    <footer className="totals">
      {part("logs", counts.logs, limits?.logs)}
      {part("traces", counts.traces, limits?.traces)}
      {part("spans", counts.spans, limits?.spans)}
      {part("metric points", counts.points, undefined)}
      <span>{bytes(counts.bytes)} kept</span>
    </footer>
  );
}
