import type { ReactNode } from "react";
import { say, Unreachable } from "../api/call.js";

export function Loading({ what }: { readonly what: string }) {
  return (
    <div className="empty" role="status">
      <span className="spinner" aria-hidden="true" />
      <p>Reading {what}…</p>
    </div>
  );
}

/** What stands in the place of what is not there; where it is all that there is, it is the heading of the page. */
export function Empty({ title, isPage = false, children }: { readonly title: string; readonly isPage?: boolean; readonly children?: ReactNode }) {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className="empty">
      <Heading>{title}</Heading>
      {children}
    </div>
  );
}

/** That the AppHost is gone is said once, at the top of the page. */
export function Trouble({ error, onAgain }: { readonly error: unknown; readonly onAgain?: () => void }) {
  if (error === undefined || error instanceof Unreachable) return null;
  return (
    <p className="notice notice-bad" role="alert">
      <span>{say(error)}</span>
      {onAgain && (
        <button type="button" className="link-button" onClick={onAgain}>
          Try again
        </button>
      )}
    </p>
  );
}
