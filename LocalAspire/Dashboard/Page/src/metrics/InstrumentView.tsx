import { query as write } from "../api/call.js";
import { useLoad } from "../api/useLoad.js";
import { useLive } from "../api/useLive.js";
import { useRun } from "../api/useRun.js";
import type { Instrument, SeriesAnswer } from "../api/wire.js";
import { integer, withUnit } from "../format.js";
import { isFixed, sinceStart } from "../routing/timeWindow.js";
import { useFilter, useRoute } from "../routing/useRoute.js";
import { useTimeWindow } from "../routing/useTimeWindow.js";
import { Glyph } from "../shell/icons.js";
import { Empty, Loading, Trouble } from "../shell/States.js";
import { Chart } from "./Chart.js";
import { Dimensions } from "./Dimensions.js";
import { countsOf, latest, linesOf, mostLines, type Percentile, percentiles } from "./lines.js";
import { SeriesTable } from "./SeriesTable.js";
import { measured } from "./units.js";

export function InstrumentView({ instrument, onClose }: { readonly instrument: Instrument; readonly onClose: () => void }) {
  const { query } = useRoute();
  const filter = useFilter();
  const run = useRun();
  const startedAt = useLive((now) => now.settings?.run.startedAt);
  const { resource, meter, name, type, unit } = instrument;
  const group = query.get("group") ?? undefined;
  const filters = query.getAll("filter");
  const percentile = percentiles.find((one) => one === query.get("p")) ?? "p90";
  const isTable = query.get("view") === "table";
  const time = useTimeWindow();
  const { data, error, reload } = useLoad<SeriesAnswer>(
    time.key === undefined ? undefined : [run.key, resource, meter, name, group, ...filters, time.key].join("|"),
    () => `/api/metrics/series${write({ run: run.id, resource, meter, name, group, filter: filters, points: "120", ...(run.isNow && startedAt ? sinceStart(startedAt, Date.now()) : {}), ...time.read() })}`,
    run.isNow && !isFixed(query),
  );
  const lines = data ? linesOf(data, percentile).filter((line) => latest(line) !== undefined) : [];
  const shown = lines.slice(0, mostLines);
  const [from, to] = data ? [Date.parse(data.from), Date.parse(data.to)] : [0, 1];
  return (
    <section className="instrument" aria-label={name}>
      <div className="instrument-head">
        <div>
          <h2>{name}</h2>
          <p className="fine">
            {[instrument.description, `${resource}, ${measured(type, unit)}`].filter(Boolean).join(" ")}
          </p>
        </div>
        <div className="page-tools">
          {type === "Histogram" && (data?.series.length ?? 0) > 1 && (
            <select className="select" aria-label="Percentile" value={percentile} onChange={(event) => filter({ p: event.target.value as Percentile }, true)}>
              {percentiles.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
          <button type="button" className="button small" aria-pressed={isTable} onClick={() => filter({ view: isTable ? "" : "table" })}>
            Table
          </button>
          <button type="button" className="icon-button" onClick={onClose} aria-label="Close the instrument">
            <Glyph name="close" />
          </button>
        </div>
      </div>
      <Dimensions instrument={instrument} group={group} filters={filters} />
      <Trouble error={error} onAgain={reload} />
      {!data && !error && <Loading what="the values" />}
      {data && lines.length === 0 && <Empty title="No values in this time" />}
      {data && lines.length > 0 && isTable && <SeriesTable lines={shown} unit={unit} />}
      {data && lines.length > 0 && !isTable && (
        <>
          <Chart lines={shown} from={from} to={to} unit={unit} label={`${name} over time; the table has the same numbers`} height={300} />
          <ul className="legend plain">
            {shown.map((line, index) => {
              const value = latest(line);
              return (
                <li key={line.label}>
                  <i className={`key line-${index}`} aria-hidden="true" />
                  {line.label} <b>{value === undefined ? "–" : withUnit(value, unit)}</b>
                </li>
              );
            })}
          </ul>
          {lines.length > mostLines && <p className="fine">The {mostLines} highest of {integer(lines.length)} lines. A filter shows others.</p>}
          {type === "Histogram" && (
            <>
              <h3>How many</h3>
              <Chart lines={countsOf(data).slice(0, mostLines)} from={from} to={to} unit={undefined} label={`How many values of ${name} in each step`} height={140} />
            </>
          )}
        </>
      )}
    </section>
  );
}
