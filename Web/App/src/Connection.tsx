import type { ConnectionState } from "aspire-feedback";
import { useSyncExternalStore } from "react";
import { useClient, useStore } from "./client.js";

export function ConnectionBadge() {
  const state = useConnection();
  const { label, hint } = describe(state);
  return (
    <p className={`connection is-${state.state}`} title={hint}>
      <span className="dot" aria-hidden="true" />
      {label}
    </p>
  );
}

export function OfflineNote() {
  const { state } = useConnection();
  const isOnline = useIsOnline();
  return (
    <div className="offline-slot" role="status">
      {state === "offline" && (
        <p className="offline-note">
          <strong>{isOnline ? "The server cannot be reached." : "You are offline."}</strong> Your requests are safe: what is running goes on, and what is not sent yet goes out when the connection is back.
        </p>
      )}
    </div>
  );
}

/** Without a network nothing is live, also while a connection has not noticed it yet. */
export function useConnection(): ConnectionState {
  const state = useStore(useClient().connection);
  return useIsOnline() ? state : { state: "offline", retryAt: 0 };
}

function useIsOnline(): boolean {
  return useSyncExternalStore(followNetwork, () => navigator.onLine);
}

function followNetwork(listener: () => void): () => void {
  for (const type of ["online", "offline"]) addEventListener(type, listener);
  return () => {
    for (const type of ["online", "offline"]) removeEventListener(type, listener);
  };
}

function describe(connection: ConnectionState): { readonly label: string; readonly hint: string } {
  switch (connection.state) {
    case "live":
      if (connection.channel === "polling") return { label: "Checking", hint: "No live connection gets through here, so the page asks every few seconds." };
      return { label: "Live", hint: connection.channel === "sse" ? "Changes arrive as server-sent events." : "Changes arrive the moment they happen." };
    case "offline":
      return { label: "Offline", hint: "The server cannot be reached. The page keeps trying." };
    case "catching-up":
    case "stopped":
      return { label: "Catching up", hint: "Connecting, and fetching what was missed." };
  }
}
