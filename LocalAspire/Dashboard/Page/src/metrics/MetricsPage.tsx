import { query as write } from "../api/call.js";
import { useLoad } from "../api/useLoad.js";
import { useRun } from "../api/useRun.js";
import type { Instrument } from "../api/wire.js";
import { integer } from "../format.js";
import { FilterText } from "../lists/FilterText.js";
import { ResourcePicker } from "../lists/ResourcePicker.js";
import { useFilter, useRoute } from "../routing/useRoute.js";
import { Breakable } from "../shell/Breakable.js";
import { Clear } from "../shell/Clear.js";
import { Empty, Loading, Trouble } from "../shell/States.js";
import { InstrumentView } from "./InstrumentView.js";

const kinds: Readonly<Record<Instrument["type"], string>> = { Counter: "Counter", UpDownCounter: "Up/down", Gauge: "Gauge", Histogram: "Histogram" };

export function MetricsPage() {
  const { query } = useRoute();
  const filter = useFilter();
  const run = useRun();
  const { data, error, reload } = useLoad<{ readonly instruments: readonly Instrument[] }>(run.key, () => `/api/metrics${write({ run: run.id })}`, run.isNow);
  const resource = query.get("resource") ?? "";
  const words = (query.get("text") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const instruments = (data?.instruments ?? []).filter(
    (one) => (resource === "" || one.resource === resource) && words.every((word) => `${one.resource} ${one.meter} ${one.name} ${one.description ?? ""}`.toLowerCase().includes(word)),
  );
  const [meter, name] = [query.get("meter"), query.get("name")];
  const of = query.get("of") ?? resource;
  const chosen = data?.instruments.find((one) => one.meter === meter && one.name === name && one.resource === of);
  const groups = Map.groupBy(instruments, (one) => `${one.resource} · ${one.meter}`);
  return (
    <div className="page">
      <div className="page-head">
        <h1>Metrics</h1>
        {data && <span className="matched">{integer(instruments.length)}</span>}
        <div className="filters" role="search" aria-label="Filter the instruments">
          <ResourcePicker />
          <FilterText name="text" label="Find an instrument" />
        </div>
        <div className="page-tools">{run.isNow && <Clear kind="metrics" what="all metrics in memory" onDone={reload} />}</div>
      </div>
      <Trouble error={error} onAgain={reload} />
      {!data && !error && <Loading what="the instruments" />}
      {data && instruments.length === 0 && <Empty title={data.instruments.length === 0 ? "No metrics yet" : "No instrument fits"}>{data.instruments.length === 0 && <p>Resources send theirs every few seconds.</p>}</Empty>}
      {data && instruments.length > 0 && (
        <div className={`metrics ${chosen ? "has-chosen" : ""}`}>
          <nav className="instruments" aria-label="Instruments">
            {[...groups].map(([title, list]) => (
              <section key={title}>
                <h2>{title}</h2>
                <ul className="plain">
                  {list.map((one) => (
                    <li key={one.name}>
                      <a
                        href={hrefOf(query, one)}
                        aria-current={one === chosen ? "true" : undefined}
                        title={one.description}
                        onClick={() => document.getElementById("main")?.scrollTo({ top: 0 })}
                      >
                        <span>
                          <Breakable text={one.name} />
                        </span>
                        <span className="fine">{kinds[one.type]}</span>
                      </a>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </nav>
          {chosen ? (
            <InstrumentView key={`${chosen.resource} ${chosen.meter} ${chosen.name}`} instrument={chosen} onClose={() => filter({ meter: "", name: "", of: "" })} />
          ) : (
            <Empty title={meter ? "This instrument has no values here" : "Choose an instrument"}>{!meter && <p>It is drawn over time, and can be split by its dimensions.</p>}</Empty>
          )}
        </div>
      )}
    </div>
  );
}

/** `resource` is the filter of the list; `of` says whose instrument it is, where the list shows those of all. */
function hrefOf(query: URLSearchParams, { resource, meter, name }: Instrument): string {
  const next = new URLSearchParams(query);
  for (const gone of ["group", "filter", "p"]) next.delete(gone);
  next.set("of", resource);
  next.set("meter", meter);
  next.set("name", name);
  return `/metrics?${next.toString()}`;
}
