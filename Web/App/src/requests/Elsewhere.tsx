import { useIdentity, useIdentityPage } from "../identity/identity.js";

/** A link that leads nowhere here may lead somewhere for who one is on another device. */
export function Elsewhere() {
  const identity = useIdentity();
  const { isAccountOpen } = useIdentityPage();
  if (identity?.kind !== "guest") return null;
  return (
    <p className="more">
      If it is yours on another device,{" "}
      <button type="button" className="link-button" onClick={() => isAccountOpen.set(true)}>
        sign in or join that device
      </button>
      .
    </p>
  );
}
