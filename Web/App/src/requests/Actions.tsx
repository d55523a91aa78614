import { ProblemError, type RequestView } from "aspire-feedback";
import { type MouseEvent, useRef, useState } from "react";
import { useClient, useShowTrouble } from "../client.js";
import { select } from "../selection.js";
import { AnswerForm } from "./AnswerForm.js";
import { Ended } from "./Ended.js";
import { Elsewhere } from "./Elsewhere.js";

/** What the person can do about a request now. */
export function Actions({ view }: { readonly view: RequestView }) {
  const client = useClient();
  const showTrouble = useShowTrouble();
  const [isBusy, setBusy] = useState(false);
  const act = (work: () => Promise<void>) => () => {
    setBusy(true);
    work()
      .catch(showTrouble)
      .finally(() => setBusy(false));
  };
  const { phase, status } = view;
  const stop = act(async () => {
    await client.cancel(view.id).catch(unlessEnded);
    // What was never sent is gone at once, and so is the reason to look at it.
    if (client.observe(view.id).get().phase.at === "not-found") select(undefined);
  });

  if (status?.done) return <Ended view={view} />;
  if (phase.at === "not-found") return <Elsewhere />;
  if (phase.at === "loading") return null;
  if (phase.at === "refused") {
    const dismiss = act(() => client.dismiss(view.id).then(() => select(undefined)));
    return <Buttons disabled={isBusy} second={{ label: "Remove it from the list", act: dismiss }} />;
  }
  if (phase.at === "file-lost") return <ChooseAgain view={view} />;
  if (status?.status === "Held") {
    return <Buttons disabled={isBusy} first={{ label: "Try again", act: act(() => client.retry(view.id)) }} second={{ label: "Stop", act: stop }} />;
  }
  if (status?.status === "InputRequired" && status.input && status.cancelRequestedAt == null) {
    return <AnswerForm key={status.input.key} id={view.id} input={status.input} stop={stop} />;
  }
  const isStopping = status?.cancelRequestedAt != null || view.cancelAsked;
  return <Buttons disabled={isBusy || isStopping} second={{ label: isStopping ? "Stopping…" : "Cancel", act: stop }} />;
}

interface Choice {
  readonly label: string;
  readonly act: () => void;
}

/** Whoever stops what has just ended gets its end, which the page shows anyway. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof ProblemError && error.problem.status === 409)) throw error;
}

/** The second half of a double click belongs to what was there before, such as the button that made this request. */
function once(act: () => void) {
  return ({ detail }: MouseEvent) => {
    if (detail < 2) act();
  };
}

function Buttons({ disabled, first, second }: { readonly disabled: boolean; readonly first?: Choice; readonly second: Choice }) {
  return (
    <div className="actions">
      {first && (
        <button type="button" className="button primary" disabled={disabled} onClick={once(first.act)}>
          {first.label}
        </button>
      )}
      <button type="button" className="button" disabled={disabled} onClick={once(second.act)}>
        {second.label}
      </button>
    </div>
  );
}

function ChooseAgain({ view }: { readonly view: RequestView }) {
  const client = useClient();
  const showTrouble = useShowTrouble();
  const input = useRef<HTMLInputElement>(null);
  const provide = (file: File | undefined) => file && client.provideFile(view.id, file).catch(showTrouble);
  const dismiss = () => client.dismiss(view.id).then(() => select(undefined), showTrouble);
  return (
    <>
      <Buttons disabled={false} first={{ label: "Choose the file again", act: () => input.current?.click() }} second={{ label: "Drop it", act: dismiss }} />
      <input ref={input} className="unseen" type="file" aria-label="The same file" tabIndex={-1} onChange={(event) => void provide(event.target.files?.[0])} />
    </>
  );
}
