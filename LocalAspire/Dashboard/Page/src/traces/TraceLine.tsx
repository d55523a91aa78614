import type { TraceRow } from "../api/wire.js";
import { clockTime, count, duration } from "../format.js";
import { useHue } from "../hue.js";
import { useLinks } from "../routing/useRoute.js";

export function TraceLine({ trace, longest }: { readonly trace: TraceRow; readonly longest: number }) {
  const link = useLinks();
  const hue = useHue();
  return (
    <div className={`trace-line ${trace.errors > 0 ? "has-errors" : ""}`}>
      <time dateTime={trace.startedAt}>{clockTime(trace.startedAt)}</time>
      <div className="trace-name">
        <a className="stretched" data-main href={link(`/traces/${trace.traceId}`)}>
          <span className={`who ${hue(trace.resource)}`}>{trace.resource}</span> {trace.name}
        </a>
        <span className="trace-marks">
          {trace.errors > 0 && <span className="badge bad">{count(trace.errors, "error")}</span>}
          {trace.incomplete && <span className="badge" title="Its first span has not come, or went to somebody else">incomplete</span>}
          {trace.requestId && (
            <a className="above mono fine" href={link("/traces", { requestId: trace.requestId })} title={`Request ${trace.requestId}: all its traces`} tabIndex={-1}>
              {trace.requestId.slice(0, 8)}
            </a>
          )}
        </span>
      </div>
      <span className="trace-resources">
        {trace.resources.map(({ name, spans, errors }) => (
          <span key={name} className={`dot-count ${hue(name)} ${errors > 0 ? "dot-bad" : ""}`} title={`${name}: ${count(spans, "span")}${errors > 0 ? `, ${count(errors, "error")}` : ""}`}>
            {spans}
          </span>
        ))}
      </span>
      <span className="trace-duration">
        <span className="bar-room" aria-hidden="true">
          <span className={`bar ${hue(trace.resource)}`} style={{ width: `${share(trace.durationMs, longest)}%` }} />
        </span>
        {duration(trace.durationMs)}
      </span>
    </div>
  );
}

/** By the square root: beside one that took a minute, milliseconds and seconds still differ. */
export function share(durationMs: number, longest: number): number {
  return longest <= 0 ? 0 : Math.max(1.5, Math.sqrt(durationMs / longest) * 100);
}
