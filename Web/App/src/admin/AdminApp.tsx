import { useCallback, useEffect, useRef, useState } from "react";
import { Mark } from "../icons.js";
import { useSelection } from "../selection.js";
import { isAdmin, NotFound, signOut } from "./api.js";
import { FoundRequests } from "./FoundRequests.js";
import { RequestPage } from "./RequestPage.js";
import { SignIn } from "./SignIn.js";

type Session = "asking" | "out" | "in";

export function AdminApp() {
  const [session, setSession] = useState<Session>("asking");
  const [trouble, setTrouble] = useState<string>();
  const selected = useSelection();
  const main = useRef<HTMLElement>(null);

  const ask = useCallback(async () => {
    try {
      setSession((await isAdmin()) ? "in" : "out");
      setTrouble(undefined);
    } catch (error) {
      setSession((before) => (before === "asking" ? "out" : before));
      setTrouble(say(error));
    }
  }, []);
  useEffect(() => void ask(), [ask]);

  /** A call that finds nothing may mean that the session is over. */
  const onError = useCallback(
    (error: unknown) => {
      if (error instanceof NotFound) void ask();
      else setTrouble(say(error));
    },
    [ask],
  );
  const onGood = useCallback(() => setTrouble(undefined), []);

  const shown = useRef(selected);
  useEffect(() => {
    if (shown.current === selected) return;
    shown.current = selected;
    main.current?.focus({ preventScroll: true });
    scrollTo({ top: 0 });
  }, [selected]);

  const leave = () => signOut().then(() => setSession("out"), onError);
  return (
    <div className="admin">
      <a className="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
        Skip to the content
      </a>
      <header className="topbar">
        <a className="brand" href="/admin">
          <Mark />
          <span>
            AspireFeedback <span className="brand-part">Admin</span>
          </span>
        </a>
        {session === "in" && (
          <button type="button" className="button small" onClick={leave}>
            Sign out
          </button>
        )}
      </header>
      <main className="admin-content" id="main" ref={main} tabIndex={-1}>
        {trouble && (
          <p className="admin-trouble" role="alert">
            {trouble}
          </p>
        )}
        {session === "out" && <SignIn onSignedIn={() => (setTrouble(undefined), setSession("in"))} />}
        {session === "in" && selected === undefined && <FoundRequests onError={onError} onGood={onGood} />}
        {session === "in" && selected !== undefined && <RequestPage key={selected} id={selected} onError={onError} onGood={onGood} />}
      </main>
    </div>
  );
}

export interface Outcome {
  readonly onError: (error: unknown) => void;
  readonly onGood: () => void;
}

function say(error: unknown): string {
  if (error instanceof TypeError) return "The server cannot be reached. The page keeps trying.";
  return error instanceof Error && error.message ? error.message : "That did not work.";
}
