import type { RequestView } from "aspire-feedback";
import { useClient, useShowTrouble, useStore } from "../client.js";
import { Glyph } from "../icons.js";
import { useNow } from "../useNow.js";
import { RequestRow } from "./RequestRow.js";

interface Props {
  readonly requests: readonly RequestView[];
  readonly selected: string | undefined;
}

export function RequestList({ requests, selected }: Props) {
  const client = useClient();
  const showTrouble = useShowTrouble();
  const { state } = useStore(client.connection);
  const older = useStore(client.older);
  const isMoving = requests.some((view) => !view.status?.done);
  const now = useNow(isMoving ? 1000 : 10_000);
  return (
    <>
      <div className="side-head">
        <h2>Your requests</h2>
        <a className="button small" href="#">
          <Glyph name="plus" />
          New
        </a>
      </div>
      {requests.length === 0 && state === "catching-up" && <Skeleton />}
      {requests.length === 0 && state !== "catching-up" && <p className="empty">Nothing yet. What you start shows up here, in every window and on every device of yours.</p>}
      <ul className="rows">
        {requests.map((view) => (
          <RequestRow key={view.id} view={view} now={now} isSelected={view.id === selected} />
        ))}
      </ul>
      {older !== undefined && (
        <button type="button" className="button small older" onClick={() => client.loadOlder().catch(showTrouble)}>
          Show older ones
        </button>
      )}
    </>
  );
}

function Skeleton() {
  return (
    <div className="skeleton" role="status">
      <span className="unseen">Looking for your requests</span>
      <i />
      <i />
      <i />
    </div>
  );
}
