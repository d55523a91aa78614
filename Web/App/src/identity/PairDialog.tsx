import type { Identity } from "aspire-feedback";
import { useState } from "react";
import { useClient, useStore } from "../client.js";
import { count } from "../format.js";
import { Dialog } from "./Dialog.js";
import { beginAnew, nameOf } from "./identity.js";
import { Refusal } from "./Refusal.js";
import { useAct } from "./useAct.js";

interface PairDialogProps {
  readonly code: string;
  readonly identity: Identity | undefined;
  readonly onClose: () => void;
}

/** Nothing happens before the person has said so: a link proves nothing about who sent it. */
export function PairDialog({ code, identity, onClose }: PairDialogProps) {
  const client = useClient();
  const { isBusy, refusal, act } = useAct();
  const [carryOver, setCarryOver] = useState(false);
  const [joined, setJoined] = useState<Identity>();
  if (joined !== undefined) {
    return (
      <Dialog title="This device has joined" onClose={beginAnew}>
        <p role="status">
          It is {nameOf(joined)} from now on, as the other device is, and shows the same requests.
        </p>
        <button type="button" className="button primary" onClick={beginAnew}>
          Show the requests
        </button>
      </Dialog>
    );
  }
  return (
    <Dialog title="Join your other device?" onClose={onClose}>
      {identity === undefined ? <p>Finding out who this browser is …</p> : <Now identity={identity} carryOver={carryOver} onCarryOver={setCarryOver} />}
      <p className="warning">
        Go on only if you made this link or code yourself. If somebody sent it to you, they would see everything that you do here from then on.
      </p>
      <Refusal why={refusal} />
      <div className="actions">
        <button
          type="button"
          className="button primary"
          disabled={isBusy || identity === undefined}
          onClick={() => act(async () => setJoined(await client.pair(code, carryOver)))}
        >
          Join
        </button>
        <button type="button" className="button" onClick={onClose}>
          Stay as it is
        </button>
      </div>
    </Dialog>
  );
}

interface NowProps {
  readonly identity: Identity;
  readonly carryOver: boolean;
  readonly onCarryOver: (carryOver: boolean) => void;
}

function Now({ identity, carryOver, onCarryOver }: NowProps) {
  const requests = useStore(useClient().requests);
  if (identity.kind === "user")
    return (
      <p>
        This browser is signed in as <strong>{identity.name}</strong>. It would be somebody else afterwards; your requests stay with {identity.name}.
      </p>
    );
  return (
    <>
      <p>
        This browser is a guest with <strong>{requests.length === 0 ? "no requests" : count(requests.length, "request")}</strong>. Afterwards it shows those of your other device.
      </p>
      {requests.length > 0 && (
        <label className="choice">
          <input type="checkbox" checked={carryOver} onChange={(event) => onCarryOver(event.target.checked)} />
          <span>
            Take what is here along
            <span className="fine">Otherwise it stays behind, and nobody finds it any more.</span>
          </span>
        </label>
      )}
    </>
  );
}
