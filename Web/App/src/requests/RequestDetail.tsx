import { useMemo } from "react";
import { useClient, useStore } from "../client.js";
import { dayTime } from "../format.js";
import { Glyph } from "../icons.js";
import { useNow } from "../useNow.js";
import { kindOf, nameOf } from "../words.js";
import { CopyId } from "./CopyId.js";
import { Result } from "./Result.js";
import { StatusCard } from "./StatusCard.js";
import { Timeline } from "./Timeline.js";

export function RequestDetail({ id }: { readonly id: string }) {
  const client = useClient();
  const view = useStore(useMemo(() => client.observe(id), [client, id]));
  const now = useNow(view.status?.done ? undefined : 500);
  const { status } = view;
  return (
    <article className="detail">
      <a className="back" href="#">
        <Glyph name="back" />
        All requests
      </a>
      <header className="detail-head">
        <h1>{nameOf(view)}</h1>
        <p className="meta">
          {view.kind && <span>{kindOf(view.kind)}</span>}
          {view.createdAt && <time dateTime={view.createdAt}>{dayTime(view.createdAt)}</time>}
          <CopyId id={id} />
        </p>
      </header>
      <StatusCard view={view} now={now} />
      {status?.status === "Succeeded" && <Result status={status} />}
      {status && <Timeline events={view.events} isOpen={!status.done} />}
      {status?.done && status.expiresAt && <p className="fine">Kept until {dayTime(status.expiresAt)}.</p>}
    </article>
  );
}
