import type { RequestView } from "aspire-feedback";
import { useStart } from "../start/useStart.js";
import { payloadOf } from "./again.js";

/** The same once more, as a request of its own with an id of its own. A file is not uploaded again: the server still has it. */
export function RunAgain({ view }: { readonly view: RequestView }) {
  const start = useStart();
  const payload = payloadOf(view);
  if (payload === undefined) return null;
  return (
    <button type="button" className="button" onClick={() => start(view.kind, payload, view.label)}>
      Run it again
    </button>
  );
}
