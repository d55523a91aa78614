import type { RequestEvent } from "aspire-feedback";
import { useEffect, useState } from "react";
import { clockTime } from "../format.js";
import { ToneIcon } from "../icons.js";
import { getState } from "./api.js";
import { JsonView } from "./JsonView.js";
import type { StateAt } from "./wire.js";
import { wordsAt } from "./words.js";

interface Props {
  readonly id: string;
  readonly last: number;
  /** `undefined` follows the newest. */
  readonly version: number | undefined;
  readonly events: readonly RequestEvent[];
  readonly choose: (version: number | undefined) => void;
  readonly onError: (error: unknown) => void;
}

/** Waits for a slider that is still moving. */
const settleMs = 120;

export function StateView({ id, last, version, events, choose, onError }: Props) {
  const wanted = Math.min(version ?? last, last);
  const [state, setState] = useState<StateAt>();
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      getState(id, wanted, abort.signal).then(setState, (error: unknown) => {
        if (!abort.signal.aborted) onError(error);
      });
    }, settleMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, wanted, onError]);
  const event = events[wanted - 1];
  const label = `Version ${wanted} of ${last}${event ? `: ${event.type} at ${clockTime(event.at)}` : ""}`;
  return (
    <section className="state" id="state" aria-labelledby="state-title">
      <h2 id="state-title">State as of a version</h2>
      <div className="state-choice">
        <button type="button" className="button small" disabled={wanted <= 1} onClick={() => choose(wanted - 1)}>
          Earlier
        </button>
        <input type="range" min={1} max={Math.max(last, 1)} value={wanted} aria-label="Version" aria-valuetext={label} onChange={({ target }) => choose(Number(target.value))} />
        <button type="button" className="button small" disabled={wanted >= last} onClick={() => choose(wanted + 1 >= last ? undefined : wanted + 1)}>
          Later
        </button>
      </div>
      <p className="state-label">{label}</p>
      {state && (
        <div className={state.version === wanted ? "" : "is-stale"}>
          <p className="state-words">
            <ToneIcon tone={wordsAt(state.request, Date.parse(state.at)).tone} />
            {wordsAt(state.request, Date.parse(state.at)).headline}
          </p>
          <div className="admin-columns">
            <JsonView title="What the owner could read" value={state.request} />
            <JsonView title="What decisions were made on" value={state.state} />
          </div>
        </div>
      )}
    </section>
  );
}
