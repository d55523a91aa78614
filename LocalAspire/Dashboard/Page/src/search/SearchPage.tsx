import type { ReactNode } from "react";
import { query as write } from "../api/call.js";
import { useLoad } from "../api/useLoad.js";
import { useRun } from "../api/useRun.js";
import type { SearchAnswer } from "../api/wire.js";
import { Marked } from "../console/Marked.js";
import { stripAnsi } from "../console/ansi.js";
import { clockTime, count, duration, integer } from "../format.js";
import { useHue } from "../hue.js";
import { shortLevels } from "../logs/LogLine.js";
import { useLinks, useRoute } from "../routing/useRoute.js";
import { Empty, Loading, Trouble } from "../shell/States.js";

export function SearchPage() {
  const { query } = useRoute();
  const run = useRun();
  const link = useLinks();
  const hue = useHue();
  const text = query.get("q")?.trim() ?? "";
  const { data, error, reload } = useLoad<SearchAnswer>(text ? `${run.key}|${text}` : undefined, () => `/api/search${write({ run: run.id, q: text, limit: "10" })}`, false);
  const words = text.replaceAll('"', " ");
  const isEmpty = data && data.resources.length + data.metrics.length + data.logs.matched + data.traces.matched + data.spans.matched + data.console.matched === 0;
  const who = (name: string) => <span className={`who ${hue(name)}`}>{name}</span>;
  return (
    <div className="page search-page">
      <div className="page-head">
        <h1>Search</h1>
        {text && <span className="matched">{text}</span>}
        {data && (
          <button type="button" className="button small" onClick={reload}>
            Again
          </button>
        )}
      </div>
      {!text && (
        <Empty title="Search everything">
          <p>Logs, traces, spans, metrics, console and resources of the run. All words must occur; “a phrase” in quotes as it stands; an id finds its trace, span or request.</p>
        </Empty>
      )}
      <Trouble error={error} onAgain={reload} />
      {text && !data && !error && <Loading what="everything" />}
      {isEmpty && <Empty title="Nothing has these words" />}
      {data && !isEmpty && (
        <div className="finds">
          <Finds title="Resources" matched={data.resources.length} more={undefined}>
            {data.resources.map((name) => (
              <li key={name}>
                <a href={link(`/resources/${encodeURIComponent(name)}`)}>
                  {who(name)} <Marked text={name} filter={words} />
                </a>
              </li>
            ))}
          </Finds>
          <Finds title="Traces" matched={data.traces.matched} more={link("/traces", { text })}>
            {data.traces.items.map((trace) => (
              <li key={trace.traceId}>
                <a href={link(`/traces/${trace.traceId}`)}>
                  <time>{clockTime(trace.startedAt)}</time> {who(trace.resource)} <Marked text={trace.name} filter={words} />{" "}
                  <span className="fine">
                    {duration(trace.durationMs)}
                    {trace.errors > 0 && `, ${count(trace.errors, "error")}`}
                  </span>
                </a>
              </li>
            ))}
          </Finds>
          <Finds title="Spans" matched={data.spans.matched} more={undefined}>
            {data.spans.items.map(({ span, where }) => (
              <li key={span.spanId}>
                <a href={link(`/traces/${span.traceId}`, { span: span.spanId })}>
                  <time>{clockTime(span.startedAt)}</time> {who(span.resource)} <Marked text={span.name} filter={words} />
                  {where && where !== "name" && (
                    <span className="fine">
                      {" "}
                      <Marked text={where} filter={words} />
                    </span>
                  )}
                </a>
              </li>
            ))}
          </Finds>
          <Finds title="Logs" matched={data.logs.matched} more={link("/logs", { text })}>
            {data.logs.items.map((log) => (
              <li key={log.id} className={`level-${log.level}`}>
                <a href={link("/logs", { log: String(log.id), text })}>
                  <time>{clockTime(log.at)}</time> <span className="level">{shortLevels[log.level] ?? log.level}</span> {who(log.resource)} <Marked text={log.message} filter={words} />
                </a>
              </li>
            ))}
          </Finds>
          <Finds title="Console" matched={data.console.matched} more={link("/console", { text: words.trim() })}>
            {data.console.items.map((line) => (
              <li key={line.n}>
                <a className="mono" href={link(`/console/${encodeURIComponent(line.instance)}`, { text: words.trim() })}>
                  <time>{clockTime(line.at)}</time> {who(line.instance)} <Marked text={stripAnsi(line.text)} filter={words} />
                </a>
              </li>
            ))}
          </Finds>
          <Finds title="Metrics" matched={data.metrics.length} more={undefined}>
            {data.metrics.map(({ resource, meter, name }) => (
              <li key={`${resource} ${meter} ${name}`}>
                <a href={link("/metrics", { of: resource, meter, name })}>
                  {who(resource)} <Marked text={name} filter={words} /> <span className="fine">{meter}</span>
                </a>
              </li>
            ))}
          </Finds>
        </div>
      )}
    </div>
  );
}

function Finds({ title, matched, more, children }: { readonly title: string; readonly matched: number; readonly more: string | undefined; readonly children: ReactNode }) {
  if (matched === 0) return null;
  return (
    <section>
      <h2>
        {title} <span className="matched">{integer(matched)}</span>
        {more && <a href={more}>All of them</a>}
      </h2>
      <ul className="plain">{children}</ul>
    </section>
  );
}
