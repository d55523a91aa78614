import type { RequestView } from "aspire-feedback";
import { useState } from "react";
import { useClient, usePage, useShowTrouble, useStore } from "../client.js";
import { useConnection } from "../Connection.js";
import { Glyph } from "../icons.js";
import { isNews } from "../seen.js";
import { linkToStart } from "../selection.js";
import { useNow } from "../useNow.js";
import { everything, matches } from "./filter.js";
import { FilterBar } from "./FilterBar.js";
import { GuestNote } from "./GuestNote.js";
import { NoRequests } from "./NoRequests.js";
import { RequestRow } from "./RequestRow.js";
import { walkWithArrows } from "./walkWithArrows.js";

interface Props {
  readonly requests: readonly RequestView[];
  readonly selected: string | undefined;
}

/** Fewer than this are seen at a glance. */
const manyEnough = 5;
/** How often "5 min ago" is looked at again. */
const slowMs = 10_000;

export function RequestList({ requests, selected }: Props) {
  const client = useClient();
  const { seen: seenStore } = usePage();
  const showTrouble = useShowTrouble();
  const { state } = useConnection();
  const older = useStore(client.older);
  const seen = useStore(seenStore);
  const [filter, setFilter] = useState(everything);
  const now = useNow(requests.some(isCounting) ? 1000 : slowMs);
  const slow = now - (now % slowMs);
  const isFiltered = filter.text.trim() !== "" || filter.group !== "all";
  const shown = isFiltered ? requests.filter((view) => matches(view, filter, seen)) : requests;
  const news = requests.filter((view) => isNews(view, seen)).length;
  return (
    <>
      <div className="side-head">
        <h2>Your requests</h2>
        <a className="button small" href={linkToStart}>
          <Glyph name="plus" />
          New
        </a>
      </div>
      {(requests.length >= manyEnough || isFiltered) && <FilterBar requests={requests} filter={filter} onChange={setFilter} />}
      {news > 0 && (
        <p className="list-news">
          {news} ended since you looked.{" "}
          <button type="button" className="link-button" onClick={() => seenStore.openAll(requests)}>
            Mark all as seen
          </button>
        </p>
      )}
      {requests.length === 0 && <NoRequests connection={state} />}
      {requests.length > 0 && shown.length === 0 && (
        <p className="empty" role="status">
          Nothing here fits.{" "}
          <button type="button" className="link-button" onClick={() => setFilter(everything)}>
            Show all
          </button>
        </p>
      )}
      <ul className="rows" onKeyDown={walkWithArrows}>
        {shown.map((view) => (
          // Whoever does not count down needs no new time every second: an unchanged row is not rendered again.
          <RequestRow key={view.id} view={view} now={isCounting(view) ? now : slow} isSelected={view.id === selected} isNews={isNews(view, seen)} />
        ))}
      </ul>
      <div className="side-foot">
        {older !== undefined && (
          <button type="button" className="button small" onClick={() => client.loadOlder().catch(showTrouble)}>
            {isFiltered ? "Look among older ones" : "Show older ones"}
          </button>
        )}
      </div>
      {requests.length > 0 && <GuestNote />}
    </>
  );
}

function isCounting({ phase, status }: RequestView): boolean {
  return status === undefined ? phase.at === "waiting" : status.status === "Pending" && status.attempt?.nextAt != null;
}
