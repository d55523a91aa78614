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

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
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
