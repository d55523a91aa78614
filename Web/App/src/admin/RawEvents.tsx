import type { RequestEvent } from "aspire-feedback";
import { useMemo } from "react";
import { clockTime } from "../format.js";
import { Copy } from "./Copy.js";

interface Props {
  readonly events: readonly RequestEvent[];
  readonly last: number;
  readonly showState: (version: number) => void;
}

export function RawEvents({ events, last, showState }: Props) {
  const text = useMemo(() => JSON.stringify(events, null, 2), [events]);
  return (
    <section className="raw" aria-labelledby="raw-title">
      <div className="json-head">
        <h2 id="raw-title">Events as stored</h2>
        <Copy text={text} label="all events" hidden />
      </div>
      {events.length < last && <p className="fine">The first {events.length} of {last}.</p>}
      <ol>
        {events.map((event) => (
          <li key={event.version}>
            <details>
              <summary>
                <span className="raw-version">{event.version}</span>
                <span className="raw-type">{event.type}</span>
                <time dateTime={event.at}>{clockTime(event.at)}</time>
              </summary>
              <pre tabIndex={0}>{JSON.stringify(event.data, null, 2)}</pre>
              <button type="button" className="button small" onClick={() => showState(event.version)}>
                State as of then
              </button>
            </details>
          </li>
        ))}
      </ol>
    </section>
  );
}
