import type { RequestView } from "aspire-feedback";
import { useEffect, useMemo } from "react";
import { useClient, usePage, useStore } from "../client.js";
import { dayTime } from "../format.js";
import { Glyph } from "../icons.js";
import { linkToList, linkToStart } from "../selection.js";
import { tabOf, useTab } from "../tab.js";
import { useNow } from "../useNow.js";
import { kindOf, nameOf } from "../words.js";
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
  useTab(tabOf(view, now));
  useMarkAsSeen(view);
  return (
    <article className="detail">
      <p className="detail-ways">
        <a className="back" href={linkToList}>
          <Glyph name="back" />
          All requests
        </a>
        <a className="button small" href={linkToStart}>
          <Glyph name="plus" />
          New
        </a>
      </p>
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
      {status?.status === "Succeeded" && <Result status={status} />}
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
