import type { Identity } from "aspire-feedback";
import { CredentialsForm } from "./CredentialsForm.js";
import { Dialog } from "./Dialog.js";
import { EnterCode } from "./EnterCode.js";
import { beginAnew, useIdentity, useIdentityPage } from "./identity.js";
import { NoticeSwitch } from "./NoticeSwitch.js";
import { OtherDevice } from "./OtherDevice.js";
import { PairDialog } from "./PairDialog.js";
import { useStore } from "../client.js";
import { Refusal } from "./Refusal.js";
import { useAct } from "./useAct.js";

/** Who this browser is, and the ways to be somebody else or somewhere else. */
export function Account() {
  const identity = useIdentity();
  const { pairing, isAccountOpen } = useIdentityPage();
  const code = useStore(pairing);
  const isOpen = useStore(isAccountOpen);
  // Who has an account is not called a guest for the moment until that is known.
  const label = identity?.kind === "guest" ? "Guest" : (identity?.name ?? "You");
  return (
    <>
      <button type="button" className="button small account" onClick={() => isAccountOpen.set(true)} aria-label={`${label}: account and devices`}>
        <svg className="glyph" viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="7" r="3.2" />
          <path d="M3.8 17a6.2 6.2 0 0 1 12.4 0" />
        </svg>
        <span className="account-name">{label}</span>
      </button>
      {code !== undefined ? (
        <PairDialog key={code} code={code} identity={identity} onClose={() => pairing.set(undefined)} />
      ) : (
        isOpen && <AccountDialog identity={identity} onClose={() => isAccountOpen.set(false)} />
      )}
    </>
  );
}

function AccountDialog({ identity, onClose }: { readonly identity: Identity | undefined; readonly onClose: () => void }) {
  return (
    <Dialog title="You and your devices" onClose={onClose}>
      <p className="lead-small">
        {identity?.kind === "user" ? (
          <>
            You are signed in as <strong>{identity.name}</strong>.
          </>
        ) : (
          "You are a guest: a cookie of this browser is all that leads to your requests. If it is cleared, nobody finds them any more. Another device that joins, or an account, is a second way to them."
        )}
      </p>
      <OtherDevice />
      <EnterCode />
      {identity?.kind === "user" ? <SignOut /> : <CredentialsForm />}
      <NoticeSwitch />
    </Dialog>
  );
}

function SignOut() {
  const { api } = useIdentityPage();
  const { isBusy, refusal, act } = useAct();
  return (
    <section className="dialog-part">
      <h3>Sign out</h3>
      <p className="fine">Your requests stay where they are; this browser becomes a new guest.</p>
      <button type="button" className="button" disabled={isBusy} onClick={() => act(async () => (await api.signOut(), beginAnew()))}>
        Sign out
      </button>
      <Refusal why={refusal} />
    </section>
  );
}
