import type { Api, Identity, Store } from "aspire-feedback";
import { ProblemError } from "aspire-feedback";
import { createContext, use, useEffect, useState } from "react";

export interface IdentityPage {
  readonly api: Api;
  /** A code that waits for the person's word. */
  readonly pairing: Store<string | undefined>;
  /** Several things on the page lead to the dialog about the account. */
  readonly isAccountOpen: Store<boolean>;
}

const askAgainMs = 2000;

export const IdentityContext = createContext<IdentityPage | undefined>(undefined);

export function useIdentityPage(): IdentityPage {
  const page = use(IdentityContext);
  if (page === undefined) throw new Error("There is no identity above this component.");
  return page;
}

/** Who the server takes this browser for; undefined until it has said so. */
export function useIdentity(): Identity | undefined {
  const { api } = useIdentityPage();
  const [identity, setIdentity] = useState<Identity>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isShown = true;
    const ask = () => {
      // Silence is no trouble here: the connection's badge tells of it.
      const again = () => (timer = isShown ? setTimeout(ask, askAgainMs) : undefined);
      api.identify().then((found) => isShown && setIdentity(found), again);
    };
    ask();
    return () => {
      isShown = false;
      clearTimeout(timer);
    };
  }, [api]);
  return identity;
}

export function nameOf(identity: Identity): string {
  return identity.kind === "user" ? (identity.name ?? "a user") : "a guest";
}

const changes = new BroadcastChannel("aspire-feedback/identity");

/** Everything that a page holds belongs to who it was: so all pages of this browser begin anew. */
export function beginAnew(): void {
  changes.postMessage("changed");
  history.replaceState(null, "", location.pathname);
  location.reload();
}

export function followIdentity(): void {
  changes.onmessage = () => location.reload();
}

/** What to say of a refusal: field by field where the server does. */
export function explain(error: unknown): string {
  if (!(error instanceof ProblemError)) return error instanceof Error && error.message ? error.message : "That did not work.";
  const { title, detail, errors } = error.problem;
  const fields = Object.values(errors ?? {}).flat();
  return fields.length > 0 ? fields.join(" ") : (detail ?? title);
}
