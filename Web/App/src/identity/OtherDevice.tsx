import type { Pairing } from "aspire-feedback";
import { useState } from "react";
import { inSeconds } from "../format.js";
import { useNow } from "../useNow.js";
import { useIdentityPage } from "./identity.js";
import { QrCode } from "./QrCode.js";
import { Refusal } from "./Refusal.js";
import { useAct } from "./useAct.js";

interface Open extends Pairing {
  readonly until: number;
}

/** Lets another device become the same owner, by a link, a code to type, or a picture to scan. */
export function OtherDevice() {
  const { api } = useIdentityPage();
  const { isBusy, refusal, act } = useAct();
  const [open, setOpen] = useState<Open>();
  const show = () =>
    act(async () => {
      const pairing = await api.openPairing();
      setOpen({ ...pairing, until: Date.now() + pairing.expiresIn * 1000 });
    });
  return (
    <section className="dialog-part">
      <h3>Use another device</h3>
      <p className="fine">Open a link on it, and go on there with the same requests. Give it to nobody: whoever opens it sees everything you do here.</p>
      {open && <OpenPairing key={open.code} pairing={open} />}
      <Refusal why={refusal} />
      <button type="button" className={open ? "button" : "button primary"} disabled={isBusy} onClick={show}>
        {open ? "Make a new link" : "Show a link"}
      </button>
    </section>
  );
}

function OpenPairing({ pairing }: { readonly pairing: Open }) {
  const now = useNow(1000);
  if (now >= pairing.until) return <p role="status">This link has ended. It was good for five minutes.</p>;
  return (
    <div className="pairing">
      <QrCode text={pairing.url} label="The link as a QR code" />
      <dl>
        <dt>Link</dt>
        <dd>
          <a className="pair-link" href={pairing.url} onClick={(event) => event.preventDefault()}>
            {pairing.url}
          </a>
        </dd>
        <dt>Code</dt>
        <dd>
          <code className="pair-code">{pairing.code}</code>
        </dd>
        <dt>Ends</dt>
        <dd>{inSeconds(pairing.until, now)}, or once it is used</dd>
      </dl>
    </div>
  );
}
