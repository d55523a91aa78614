import type { ConnectionState } from "aspire-feedback";

/** What stands in the place of the list while it has no row: that there is nothing is known only to who has asked. */
export function NoRequests({ connection }: { readonly connection: ConnectionState["state"] }) {
  switch (connection) {
    case "live":
      return <p className="empty">Nothing yet. What you start shows up here, in every window and on every device of yours.</p>;
    case "offline":
      return <p className="empty">Your requests cannot be shown until the server is reachable. What you start meanwhile shows up here.</p>;
    case "catching-up":
    case "stopped":
      return <Skeleton />;
  }
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
