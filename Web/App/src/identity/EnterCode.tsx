import type { FormEvent } from "react";
import { useIdentityPage } from "./identity.js";

/** For a code that somebody reads to you, or that you read from the other screen. */
export function EnterCode() {
  const { pairing } = useIdentityPage();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    pairing.set(String(new FormData(event.currentTarget).get("code")).trim());
  };
  return (
    <details className="dialog-part">
      <summary>I have a code from my other device</summary>
      <form className="stack" onSubmit={submit}>
        <label className="field">
          Code
          <input name="code" autoComplete="off" autoCapitalize="characters" spellCheck={false} required maxLength={64} placeholder="XXXX-XXXX-XXXX-XXXX" />
        </label>
        <button type="submit" className="button">
          Go on
        </button>
      </form>
    </details>
  );
}
