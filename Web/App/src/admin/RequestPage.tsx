import type { RequestEvent } from "aspire-feedback";
import { useCallback, useEffect, useRef, useState } from "react";
import { dayTime } from "../format.js";
import { Glyph } from "../icons.js";
import { Timeline } from "../requests/Timeline.js";
import { useNow } from "../useNow.js";
import { kindOf } from "../words.js";
import type { Outcome } from "./AdminApp.js";
import { getDocument, getEvents, NotFound, type Versioned } from "./api.js";
import { AttemptBars } from "./AttemptBars.js";
import { Copy } from "./Copy.js";
import { Facts } from "./Facts.js";
import { JsonView } from "./JsonView.js";
import { RawEvents } from "./RawEvents.js";
import { RequestActions } from "./RequestActions.js";
import { StateView } from "./StateView.js";
import { StatusNow } from "./StatusNow.js";
import { useRefresh } from "./useRefresh.js";

const refreshMs = 3000;

export function RequestPage({ id, onError, onGood }: Outcome & { readonly id: string }) {
  const known = useRef<Versioned>(undefined);
  const read = useRef<readonly RequestEvent[]>([]);
  const [shown, setShown] = useState<{ readonly document: Versioned["document"]; readonly events: readonly RequestEvent[] }>();
  const [isMissing, setMissing] = useState(false);
  const [version, setVersion] = useState<number>();

  const load = useCallback(
    async (signal: AbortSignal) => {
      const changed = await getDocument(id, known.current?.etag, signal);
      if (changed !== undefined) {
        read.current = await getEvents(id, read.current, signal);
        known.current = changed;
        setShown({ document: changed.document, events: read.current });
      }
      setMissing(false);
      onGood();
    },
    [id, onGood],
  );
  const onFailure = useCallback(
    (error: unknown) => {
      if (error instanceof NotFound) setMissing(true);
      onError(error);
    },
    [onError],
  );
  const isDone = shown?.document.done === true;
  const { refresh, isBusy } = useRefresh(load, isDone || isMissing ? undefined : refreshMs, onFailure);
  const now = useNow(isDone ? undefined : 1000);
  const title = shown ? `${shown.document.status} · ${shown.document.kind}` : "Request";
  useEffect(() => {
    document.title = `${title} · Admin`;
    return () => {
      document.title = "Admin · AspireFeedback";
    };
  }, [title]);

  const showState = (chosen: number) => {
    setVersion(chosen);
    document.getElementById("state")?.scrollIntoView({ block: "start" });
  };
  return (
    <article className="admin-request">
      <div className="found-head">
        <a className="admin-back" href="#">
          <Glyph name="back" />
          All requests
        </a>
        {shown && (
          <button type="button" className="button small" disabled={isBusy} onClick={() => void refresh()}>
            Refresh
          </button>
        )}
      </div>
      {!isMissing && !shown && (
        <p className="nothing" role="status">
          Looking it up…
        </p>
      )}
      {isMissing && !shown && <p className="nothing">Nothing is known under this id, or it was kept long enough and is gone.</p>}
      {shown && (
        <>
          <header className="detail-head">
            <h1>{kindOf(shown.document.kind)}</h1>
            <p className="meta">
              <time dateTime={shown.document.createdAt}>{dayTime(shown.document.createdAt)}</time>
              <Copy text={id} label="the id" />
            </p>
          </header>
          <StatusNow document={shown.document} now={now}>
            <RequestActions document={shown.document} onDone={refresh} />
          </StatusNow>
          <Facts document={shown.document} />
          <AttemptBars attempts={shown.document.attempts} upTo={shown.document.attemptsUpTo} now={now} />
          <div className="admin-columns">
            <JsonView title="Payload" value={shown.document.payload} />
            {shown.document.resultUrl ? (
              <section className="json" aria-label="Result">
                <h2>Result</h2>
                <p className="nothing">
                  It is large: <a href={shown.document.resultUrl}>open it alone</a>.
                </p>
              </section>
            ) : (
              shown.document.result !== undefined && <JsonView title="Result" value={shown.document.result} />
            )}
            {shown.document.error && <JsonView title="Error" value={shown.document.error} />}
          </div>
          <Timeline events={shown.events} isOpen={!shown.document.done} />
          <StateView id={id} last={shown.document.version} version={version} events={shown.events} choose={setVersion} onError={onError} />
          <RawEvents events={shown.events} last={shown.document.version} showState={showState} />
        </>
      )}
    </article>
  );
}
