import type { LogRow } from "../api/wire.js";
import { clockTime } from "../format.js";
import { useHue } from "../hue.js";
import { changedAddress } from "../routing/route.js";
import { useLinks, useRoute } from "../routing/useRoute.js";

export const shortLevels = { Trace: "trce", Debug: "dbug", Information: "info", Warning: "warn", Error: "error", Critical: "crit" } as const;

export function LogLine({ log }: { readonly log: LogRow }) {
  const { query } = useRoute();
  const link = useLinks();
  const hue = useHue();
  return (
    <div className={`log-line level-${log.level}`}>
      <time dateTime={log.at}>{clockTime(log.at)}</time>
      <span className="level" title={log.level}>
        {shortLevels[log.level] ?? log.level}
      </span>
      <span className={`who ${hue(log.resource)}`} title={log.instance ?? log.resource}>
        {log.resource}
      </span>
      <a className="stretched log-message" data-main href={changedAddress("/logs", query, { log: String(log.id) })} title={log.message}>
        {log.message}
        {log.exception && <span className="log-exception"> {log.exception}</span>}
      </a>
      {log.traceId ? (
        <a className="above mono" href={link(`/traces/${log.traceId}`, { span: log.spanId })} title="The trace" tabIndex={-1}>
          {log.traceId.slice(0, 7)}
        </a>
      ) : (
        <span />
      )}
    </div>
  );
}
