import { NotFound, query as write } from "../api/call.js";
import { useLoad } from "../api/useLoad.js";
import { useRun } from "../api/useRun.js";
import type { LogDetail } from "../api/wire.js";
import { clockTime } from "../format.js";
import { useHue } from "../hue.js";
import { useLinks } from "../routing/useRoute.js";
import { Breakable } from "../shell/Breakable.js";
import { Drawer } from "../shell/Drawer.js";
import { Exception } from "../shell/Exception.js";
import { Fact, Facts, Properties } from "../shell/Properties.js";
import { OutLink, requestAttribute } from "../shell/RequestLink.js";
import { Loading, Trouble } from "../shell/States.js";

export function LogDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const run = useRun();
  const link = useLinks();
  const hue = useHue();
  const { data: log, error } = useLoad<LogDetail>(`${run.key}/${id}`, () => `/api/logs/${encodeURIComponent(id)}${write({ run: run.id })}`, false);
  return (
    <Drawer title={log ? <span className={`level-word level-${log.level}`}>{log.level}</span> : "Log"} onClose={onClose}>
      {!log && !error && <Loading what="the log" />}
      {error instanceof NotFound ? <p className="fine">This log is no longer kept: newer ones took its place.</p> : <Trouble error={error} />}
      {log && (
        <>
          <p className="log-whole">{log.message}</p>
          {log.exception && <Exception text={log.exception} />}
          <Facts>
            <Fact name="Time">
              <time dateTime={log.at}>{clockTime(log.at)}</time>{" "}
              <a className="find" href={link("/logs", around(log.at))}>
                around it
              </a>
            </Fact>
            <Fact name="Resource">
              <a className={hue(log.resource)} href={link(`/resources/${encodeURIComponent(log.resource)}`)}>
                {log.resource}
              </a>
              {log.instance && log.instance !== log.resource && <span className="fine"> {log.instance}</span>}{" "}
              <a className="find" href={link(`/console/${encodeURIComponent(log.instance ?? log.resource)}`)}>
                console
              </a>
            </Fact>
            <Fact name="Category">
              <a href={link("/logs", { category: log.category })}>
                <Breakable text={log.category} />
              </a>
            </Fact>
            {log.traceId && (
              <Fact name="Trace">
                <a className="mono" href={link(`/traces/${log.traceId}`, { span: log.spanId })}>
                  {log.traceId}
                </a>{" "}
                <a className="find" href={link("/logs", { traceId: log.traceId })}>
                  its logs
                </a>
              </Fact>
            )}
            {log.requestId && (
              <Fact name="Request">
                <a className="mono" href={link("/traces", { requestId: log.requestId })} title="Its traces">
                  {log.requestId}
                </a>{" "}
                <OutLink attribute={requestAttribute} value={log.requestId} />{" "}
                <a className="find" href={link("/logs", { requestId: log.requestId })}>
                  its logs
                </a>
              </Fact>
            )}
            {log.template && log.template !== log.message && <Fact name="Template">{log.template}</Fact>}
            {log.scope && log.scope !== log.category && (
              <Fact name="Scope">
                <Breakable text={log.scope} />
              </Fact>
            )}
          </Facts>
          <Properties title="Attributes" values={log.attributes} />
          <Properties title="Resource attributes" values={log.resourceAttributes} />
        </>
      )}
    </Drawer>
  );
}

function around(at: string) {
  const time = Date.parse(at);
  return { range: "", from: new Date(time - 2000).toISOString(), to: new Date(time + 2000).toISOString() };
}
