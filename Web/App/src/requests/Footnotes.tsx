import type { StatusDocument } from "aspire-feedback";
import { usePage, useStore } from "../client.js";
import { dayTime } from "../format.js";

/** How long it may take, how long it is kept, and where its trace is. */
export function Footnotes({ status }: { readonly status: StatusDocument }) {
  const { traceUrl } = useStore(usePage().settings);
  const { done, deadline, expiresAt, traceId } = status;
  return (
    <p className="footnotes">
      {!done && deadline && <span>Ends by itself on {dayTime(deadline)} at the latest.</span>}
      {done && expiresAt && <span>Kept until {dayTime(expiresAt)}.</span>}
      {traceUrl !== undefined && traceId && (
        <a href={traceUrl + traceId} target="_blank" rel="noreferrer">
          Open the trace
        </a>
      )}
    </p>
  );
}
