import { useIdentity, useIdentityPage } from "../identity/identity.js";

/** A guest is a cookie and nothing else: who clears it should have known. */
export function GuestNote() {
  const identity = useIdentity();
  const { isAccountOpen } = useIdentityPage();
  if (identity?.kind !== "guest") return null;
  return (
    <p className="guest-note">
      You are a guest here. Clearing this browser’s cookies loses the way back to these requests, for you too.{" "}
      <button type="button" className="link-button" onClick={() => isAccountOpen.set(true)}>
        Make an account or add a device
      </button>
    </p>
  );
}
