import type { TraceDetail } from "../api/wire.js";
import { clockTime, count, duration } from "../format.js";
import { useHue } from "../hue.js";
import { shortLevels } from "../logs/LogLine.js";
import { useLinks } from "../routing/useRoute.js";
import { Drawer } from "../shell/Drawer.js";
import { Exception } from "../shell/Exception.js";
import { Fact, Facts, Properties } from "../shell/Properties.js";
import { OutLink, requestAttribute } from "../shell/RequestLink.js";
import { exceptionsOf, withoutStack, whatFailed } from "./failure.js";
import type { SpanNode } from "./waterfall.js";

interface Props {
  readonly node: SpanNode;
  readonly detail: TraceDetail;
  readonly onClose: () => void;
  readonly onZoom: () => void;
}

export function SpanDrawer({ node: { span, logs }, detail, onClose, onZoom }: Props) {
  const link = useLinks();
  const hue = useHue();
  // Who points at this span, as far as the picture goes.
  const pointing = detail.spans.filter(({ links }) => links.some(({ traceId, spanId }) => traceId === span.traceId && spanId === span.spanId));
  const to = (other: { readonly traceId: string; readonly spanId: string }) => link(`/traces/${other.traceId}`, { span: other.spanId });
  return (
    <Drawer title={span.name} onClose={onClose}>
      {span.status === "Error" && <p className="notice notice-bad">{whatFailed(span)}</p>}
      {exceptionsOf(span).map((text, index) => (
        <Exception key={index} text={text} />
      ))}
      <Facts>
        <Fact name="Resource">
          <a className={hue(span.resource)} href={link(`/resources/${encodeURIComponent(span.resource)}`)}>
            {span.resource}
          </a>
          {span.instance && span.instance !== span.resource && <span className="fine"> {span.instance}</span>}
        </Fact>
        <Fact name="Duration">
          {duration(span.durationUs / 1000)}{" "}
          <button type="button" className="link-button" onClick={onZoom}>
            zoom
          </button>
        </Fact>
        <Fact name="Begins">{duration(span.startUs / 1000)} after the start</Fact>
        <Fact name="Kind">{span.kind}</Fact>
        {span.scope && <Fact name="Scope">{span.scope}</Fact>}
        <Fact name="Span">
          <code>{span.spanId}</code>{" "}
          <a className="find" href={link("/logs", { traceId: span.traceId, spanId: span.spanId })}>
            its logs
          </a>
        </Fact>
        {span.traceId !== detail.trace.traceId && (
          <Fact name="Trace">
            <a className="mono" href={to(span)}>
              {span.traceId}
            </a>
          </Fact>
        )}
        {span.requestId && (
          <Fact name="Request">
            <a className="mono" href={link("/traces", { requestId: span.requestId })} title="Its traces">
              {span.requestId}
            </a>{" "}
            <OutLink attribute={requestAttribute} value={span.requestId} />{" "}
            <a className="find" href={link("/logs", { requestId: span.requestId })}>
              its logs
            </a>
          </Fact>
        )}
      </Facts>
      {span.links.length + pointing.length > 0 && (
        <section>
          <h3>Links</h3>
          <ul className="plain">
            {span.links.map((other) => (
              <li key={`${other.traceId}${other.spanId}`}>
                follows from{" "}
                <a href={to(other)}>{detail.spans.find(({ traceId, spanId }) => traceId === other.traceId && spanId === other.spanId)?.name ?? <code>{other.spanId}</code>}</a>
              </li>
            ))}
            {pointing.map((other) => (
              <li key={`${other.traceId}${other.spanId}`}>
                followed by <a href={to(other)}>{`${other.resource}: ${other.name}`}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      {logs.length > 0 && (
        <section>
          <h3>{count(logs.length, "log")}</h3>
          <ul className="plain drawer-logs">
            {logs.map((log) => (
              <li key={log.id} className={`level-${log.level}`}>
                <span className="level">{shortLevels[log.level] ?? log.level}</span>{" "}
                <a href={link("/logs", { log: String(log.id), traceId: log.traceId, range: "", from: "", to: "" })}>{log.message}</a>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Properties title="Attributes" values={span.attributes} />
      {span.events.length > 0 && (
        <section>
          <h3>Events</h3>
          {span.events.map((event, index) => (
            <Properties key={index} title={`${event.name} after ${duration((event.atUs - span.startUs) / 1000)}`} values={withoutStack(event.attributes)} />
          ))}
        </section>
      )}
      <p className="fine">Trace began at {clockTime(detail.trace.startedAt)}.</p>
    </Drawer>
  );
}
