import { useCallback, useEffect, useRef, useState } from "react";
import { dayTime } from "../format.js";
import { useNow } from "../useNow.js";
import type { Outcome } from "./AdminApp.js";
import { find } from "./api.js";
import { FilterForm } from "./FilterForm.js";
import { FoundRow } from "./FoundRow.js";
import { noFilters, writeFilters } from "./filters.js";
import { useFilters } from "./useFilters.js";
import { useRefresh } from "./useRefresh.js";
import type { FoundPage, OwnedDocument } from "./wire.js";

const refreshMs = 4000;

export function FoundRequests({ onError, onGood }: Outcome) {
  const [filters, change] = useFilters();
  const query = writeFilters(filters);
  const [pages, setPages] = useState<readonly FoundPage[]>();
  const [isMore, setMore] = useState(false);
  const now = useNow(1000);

  const load = useCallback(
    async (signal: AbortSignal) => {
      const page = await find(`/admin/requests${query}`, signal);
      setPages([page]);
      onGood();
    },
    [query, onGood],
  );
  // Who has gone back to older pages would lose the place.
  const { refresh, isBusy } = useRefresh(load, (pages?.length ?? 0) > 1 ? undefined : refreshMs, onError);
  const latest = useRef(query);
  useEffect(() => {
    latest.current = query;
  }, [query]);

  const next = pages?.at(-1)?.next;
  const showMore = async () => {
    if (next === undefined) return;
    setMore(true);
    try {
      const page = await find(next, new AbortController().signal);
      if (latest.current === query) setPages((before) => [...(before ?? []), page]);
    } catch (error) {
      onError(error);
    } finally {
      setMore(false);
    }
  };
  const requests = distinct(pages ?? []);
  return (
    <section className="found" aria-labelledby="found-title">
      <div className="found-head">
        <h1 id="found-title">Requests</h1>
        <p className="fine">{(pages?.length ?? 0) > 1 ? "Older ones are shown: no automatic refresh." : "Refreshed every few seconds while you look."}</p>
        <button type="button" className="button small" disabled={isBusy && pages === undefined} onClick={() => void refresh()}>
          Refresh
        </button>
      </div>
      <FilterForm filters={filters} change={change} kinds={[...new Set(requests.map((request) => request.kind))]} />
      {requests.length > 0 && (
        <div className="found-columns" aria-hidden="true">
          <span>State</span>
          <span>Kind</span>
          <span>Attempt</span>
          <span>Owner</span>
          <span>Accepted</span>
        </div>
      )}
      <ul className="found-rows" aria-label="Found requests">
        {requests.map((request) => (
          <FoundRow key={request.id} request={request} now={now} />
        ))}
      </ul>
      {pages === undefined && (
        <p className="nothing" role="status">
          Looking for requests…
        </p>
      )}
      {pages !== undefined && requests.length === 0 && (
        <p className="nothing">
          {query === "" ? "No requests yet." : next ? "Nothing so far." : "Nothing fits."}
          {query !== "" && (
            <button type="button" className="button small" onClick={() => change(noFilters)}>
              Show all
            </button>
          )}
        </p>
      )}
      {next !== undefined && (
        <div className="found-more">
          <button type="button" className="button" disabled={isMore} onClick={() => void showMore()}>
            {pages?.at(-1)?.requests.length === 0 ? "Look further back" : "Show older ones"}
          </button>
          {pages?.at(-1)?.lookedBackTo && <span className="fine">Looked at what was accepted since {dayTime(pages.at(-1)?.lookedBackTo ?? "")}.</span>}
        </div>
      )}
    </section>
  );
}

/** A request that moved from one page to the next while both were read is one. */
function distinct(pages: readonly FoundPage[]): readonly OwnedDocument[] {
  return [...new Map(pages.flatMap((page) => page.requests).map((request) => [request.id, request])).values()];
}
