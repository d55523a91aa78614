import { useState } from "react";
import { explain } from "./identity.js";

/** One thing that a dialog does at the server: whether it is under way, and why it was refused. */
export function useAct() {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const act = (what: () => Promise<void>) => {
    setBusy(true);
    setRefusal(undefined);
    what().then(
      () => setBusy(false),
      (error: unknown) => {
        setBusy(false);
        setRefusal(explain(error));
      },
    );
  };
  return { isBusy, refusal, act };
}
