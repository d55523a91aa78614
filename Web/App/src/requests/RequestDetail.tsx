import type { RequestView } from "aspire-feedback";
import { useEffect, useMemo } from "react";
import { useClient, usePage, useStore } from "../client.js";
import { dayTime } from "../format.js";
import { Glyph } from "../icons.js";
import { useNow } from "../useNow.js";
import { kindOf, nameOf, wordsFor } from "../words.js";
import { CopyId } from "./CopyId.js";
import { Footnotes } from "./Footnotes.js";
import { Output } from "./Output.js";
import { Result } from "./Result.js";
import { StatusCard } from "./StatusCard.js";
import { Timeline } from "./Timeline.js";

export function RequestDetail({ id }: { readonly id: string }) {
  const client = useClient();
  const view = useStore(useMemo(() => client.observe(id), [client, id]));
  const now = useNow(view.status?.done ? undefined : 500);
  const { status } = view;
  useTitle(view, now);
  useMarkAsSeen(view);
  return (
    <article className="detail">
      <a className="back" href="#">
        <Glyph name="back" />
        All requests
      </a>
      <header className="detail-head">
        <h1>{nameOf(view)}</h1>
        <p className="meta">
          {view.label && <span>{kindOf(view.kind)}</span>}
          {view.createdAt && <time dateTime={view.createdAt}>{dayTime(view.createdAt)}</time>}
          <CopyId id={id} />
        </p>
      </header>
      <StatusCard view={view} now={now} />
      <Output view={view} />
      {status?.status === "Succeeded" && <Result status={status} name={nameOf(view)} />}
      {status && <Timeline events={view.events} isOpen={!status.done} />}
      {status && <Footnotes status={status} />}
    </article>
  );
}

/** What ended is seen once it is shown: in a hidden window, when the person comes back to it. */
function useMarkAsSeen(view: RequestView): void {
  const { seen } = usePage();
  useEffect(() => {
    const mark = () => document.visibilityState === "visible" && seen.open(view);
    mark();
    document.addEventListener("visibilitychange", mark);
    return () => document.removeEventListener("visibilitychange", mark);
  }, [seen, view]);
}

/** The tab tells how far it is, for those who look at another one meanwhile. */
function useTitle(view: RequestView, now: number): void {
  const { headline, percent } = wordsFor(view, now);
  const title = `${percent === undefined ? headline : `${Math.round(percent)}%`} · ${nameOf(view)}`;
  useEffect(() => {
    document.title = title;
    return () => {
      document.title = "AspireFeedback";
    };
  }, [title]);
}
