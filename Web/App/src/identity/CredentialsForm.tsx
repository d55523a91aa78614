import { type FormEvent, useState } from "react";
import { beginAnew, useIdentityPage } from "./identity.js";
import { Refusal } from "./Refusal.js";
import { useAct } from "./useAct.js";

/** Sign-up and sign-in are one form: either way, what the guest has comes along. */
export function CredentialsForm() {
  const { api } = useIdentityPage();
  const { isBusy, refusal, act } = useAct();
  const [isNew, setNew] = useState(true);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credentials = { userName: String(form.get("userName")).trim(), password: String(form.get("password")) };
    act(async () => {
      await (isNew ? api.signUp(credentials) : api.signIn(credentials));
      beginAnew();
    });
  };
  return (
    <section className="dialog-part">
      <h3>{isNew ? "Make an account" : "Sign in"}</h3>
      <p className="fine">Your requests come along, and you find them again wherever you sign in. Other devices that are this guest now are not signed in by it.</p>
      <form className="stack" onSubmit={submit}>
        <label className="field">
          User name
          <input name="userName" autoComplete="username" autoCapitalize="none" spellCheck={false} required minLength={3} maxLength={64} />
        </label>
        <label className="field">
          Password
          <input name="password" type="password" autoComplete={isNew ? "new-password" : "current-password"} required minLength={isNew ? 10 : 1} maxLength={256} />
        </label>
        <Refusal why={refusal} />
        <div className="actions">
          <button type="submit" className="button primary" disabled={isBusy}>
            {isNew ? "Sign up" : "Sign in"}
          </button>
          <button type="button" className="button" onClick={() => setNew(!isNew)}>
            {isNew ? "I have an account" : "I am new here"}
          </button>
        </div>
      </form>
    </section>
  );
}
