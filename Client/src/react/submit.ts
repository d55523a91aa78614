import { useCallback, useRef, useState } from "react";
import type { SubmitOptions } from "../options.js";
import { useFeedbackClient } from "./context.js";

export interface Submission {
  /** Resolves to the id once the request is written down on this device, or to undefined when it is not; `error` then says why. Never rejects. */
  readonly submit: (payload: Readonly<Record<string, unknown>>, options?: SubmitOptions) => Promise<string | undefined>;
  /** Until it is written down; a second call meanwhile, as of a double click, is the same request. */
  readonly isPending: boolean;
  readonly error: unknown;
  /** Of the last request that was written down. */
  readonly id: string | undefined;
}

type State = Pick<Submission, "isPending" | "error" | "id">;

/** Submits requests of one kind. */
export function useSubmit(kind: string): Submission {
  const client = useFeedbackClient();
  const [state, setState] = useState<State>({ isPending: false, error: undefined, id: undefined });
  const pending = useRef<Promise<string | undefined>>(undefined);
  const submit = useCallback<Submission["submit"]>(
    (payload, options) => {
      const start = async () => {
        setState(({ id }) => ({ isPending: true, error: undefined, id }));
        try {
          const id = await client.submit(kind, payload, options);
          setState({ isPending: false, error: undefined, id });
          return id;
        } catch (error) {
          setState(({ id }) => ({ isPending: false, error, id }));
          return undefined;
        } finally {
          pending.current = undefined;
        }
      };
      return (pending.current ??= start());
    },
    [client, kind],
  );
  return { submit, ...state };
}
