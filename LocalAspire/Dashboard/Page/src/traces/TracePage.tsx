import { NotFound, query as write } from "../api/call.js";
import { useLoad } from "../api/useLoad.js";
import { useRun } from "../api/useRun.js";
import type { TraceDetail } from "../api/wire.js";
import { count, dayTime, duration } from "../format.js";
import { useHue } from "../hue.js";
import { useLinks } from "../routing/useRoute.js";
import { OutLink, requestAttribute } from "../shell/RequestLink.js";
import { Empty, Loading, Trouble } from "../shell/States.js";
import { Waterfall } from "./Waterfall.js";

export function TracePage({ traceId }: { readonly traceId: string }) {
  const run = useRun();
  const link = useLinks();
  const hue = useHue();
  const { data, error, reload } = useLoad<TraceDetail>(`${run.key}/${traceId}`, () => `/api/traces/${encodeURIComponent(traceId)}${write({ run: run.id })}`, run.isNow);
  if (error instanceof NotFound && !data) {
    return (
      <Empty title="This trace is not here" isPage>
        <p>It has not arrived yet, newer ones took its place, or it belongs to an earlier run: choose that above.</p>
        <p>
          <a href={link("/traces")}>All traces</a>
        </p>
      </Empty>
    );
  }
  if (!data && error) {
    return (
      <div className="page">
        <div className="page-head">
          <h1>Trace</h1>
        </div>
        <Trouble error={error} onAgain={reload} />
        <p>
          <a href={link("/traces")}>All traces</a>
        </p>
      </div>
    );
  }
  if (!data) return <Loading what="the trace" />;
  const { trace, linked } = data;
  return (
    <div className="page trace-page">
      <div className="page-head trace-head">
        <h1>
          <span className={`who ${hue(trace.resource)}`}>{trace.resource}</span> {trace.name}
        </h1>
        <p className="trace-facts">
          <time dateTime={trace.startedAt}>{dayTime(trace.startedAt)}</time>
          <span>{duration(trace.durationMs)}</span>
          <span>{count(data.spans.length, "span")}</span>
          {trace.errors > 0 && <span className="badge bad">{count(trace.errors, "error")}</span>}
          {trace.incomplete && <span className="badge" title="Its first span has not come, or went to somebody else">incomplete</span>}
          {linked.length > 0 && <span title={linked.map((other) => `${other.resource}: ${other.name}`).join("\n")}>joined with {count(linked.length, "linked trace")}</span>}
          <a href={link("/logs", { traceId })}>{count(data.logs.length, "log")}</a>
          {trace.requestId && (
            <>
              <a className="mono" href={link("/traces", { requestId: trace.requestId })} title={trace.requestId}>
                {trace.requestId.slice(0, 8)}
              </a>
              <OutLink attribute={requestAttribute} value={trace.requestId} />
            </>
          )}
          <code className="trace-id">{trace.traceId}</code>
        </p>
      </div>
      <Trouble error={error} />
      <Waterfall detail={data} />
    </div>
  );
}
