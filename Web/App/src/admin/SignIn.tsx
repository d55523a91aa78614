import { type FormEvent, useState } from "react";
import { signIn } from "./api.js";

export function SignIn({ onSignedIn }: { readonly onSignedIn: () => void }) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const key = String(new FormData(form).get("key") ?? "");
    setBusy(true);
    setRefusal(undefined);
    signIn(key)
      .then((isRight) => {
        // The key goes nowhere but to the server, and stays nowhere.
        form.reset();
        if (isRight) onSignedIn();
        else setRefusal("This key opens nothing here.");
      })
      .catch((error: unknown) => setRefusal(error instanceof Error ? error.message : "That did not work."))
      .finally(() => setBusy(false));
  };
  return (
    <section className="sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">For developers</h1>
      <p>
        Every request of every owner, with its history. The key is the AppHost's parameter <code>admin-key</code>, which stands in its output once it has started.
      </p>
      <form onSubmit={submit}>
        <label htmlFor="key">Admin key</label>
        <input id="key" name="key" type="password" autoComplete="current-password" required autoFocus aria-describedby="refusal" />
        <button type="submit" className="button primary" disabled={isBusy}>
          Sign in
        </button>
        <p id="refusal" className="refusal" role="alert">
          {refusal}
        </p>
      </form>
      <p className="fine">The key is not kept: a cookie that scripts cannot read keeps you signed in, for an hour without use.</p>
    </section>
  );
}
