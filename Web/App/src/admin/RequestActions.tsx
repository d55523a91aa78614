import { useRef, useState } from "react";
import { cancel, retry } from "./api.js";
import type { AdminDocument } from "./wire.js";

interface Act {
  readonly label: string;
  readonly question: string;
  readonly meaning: string;
  readonly run: () => Promise<void>;
}

/** What an admin can do, each after a word of what it means. */
export function RequestActions({ document, onDone }: { readonly document: AdminDocument; readonly onDone: () => Promise<void> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [act, setAct] = useState<Act>();
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  if (document.done) return null;

  const ask = (chosen: Act) => {
    setAct(chosen);
    setRefusal(undefined);
    dialog.current?.showModal();
  };
  const again: Act = {
    label: "Try again",
    question: "Try this request again?",
    meaning: "Another attempt begins at once, and failures are counted anew. The owner sees that an admin asked for it.",
    run: () => retry(document.id, document.version),
  };
  const stop: Act = {
    label: "Cancel the request",
    question: "Cancel this request?",
    meaning: "A worker that has it is told to stop; what it has done already stays done. The owner sees that an admin canceled it. It cannot be taken back.",
    run: () => cancel(document.id),
  };
  const go = async () => {
    setBusy(true);
    try {
      await act?.run();
      dialog.current?.close();
      await onDone();
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : "That did not work.");
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="actions">
      {document.status === "Held" && (
        <button type="button" className="button primary" onClick={() => ask(again)}>
          {again.label}
        </button>
      )}
      <button type="button" className="button" disabled={document.cancelRequestedAt != null} onClick={() => ask(stop)}>
        {document.cancelRequestedAt != null ? "Stopping…" : stop.label}
      </button>
      <dialog ref={dialog} className="confirm" aria-labelledby="confirm-title">
        <h2 id="confirm-title">{act?.question}</h2>
        <p>{act?.meaning}</p>
        {refusal && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
        <div className="actions">
          <button type="button" className="button primary" disabled={isBusy} onClick={() => void go()}>
            {act?.label}
          </button>
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
        </div>
      </dialog>
    </div>
  );
}
