import { useRef, useState } from "react";
import { call, query, say } from "../api/call.js";
import { Glyph } from "./icons.js";

/** Asks before it forgets: there is no way back. */
export function Clear({ kind, what, onDone }: { readonly kind: "logs" | "traces" | "metrics"; readonly what: string; readonly onDone: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [trouble, setTrouble] = useState("");
  const clear = async () => {
    try {
      await call(`/api/telemetry${query({ kind })}`, { method: "DELETE" });
      setTrouble("");
      dialog.current?.close();
      onDone();
    } catch (error) {
      setTrouble(say(error));
    }
  };
  return (
    <>
      <button type="button" className="icon-button" onClick={() => dialog.current?.showModal()} aria-label={`Clear ${what}`} title={`Clear ${what}`}>
        <Glyph name="clear" />
      </button>
      <dialog ref={dialog} className="dialog" aria-label={`Clear ${what}?`}>
        <p>Clear {what}?</p>
        {trouble && <p role="alert">{trouble}</p>}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Keep
          </button>
          <button type="button" className="button danger" onClick={() => void clear()}>
            Clear
          </button>
        </div>
      </dialog>
    </>
  );
}
