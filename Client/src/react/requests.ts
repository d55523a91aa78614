import { useMemo } from "react";
import type { RequestActions } from "../requests/observation.js";
import { outputOf } from "../requests/output.js";
import type { RequestView } from "../requests/view.js";
import { useFeedbackClient, useReadable } from "./context.js";

export interface ObservedRequest extends RequestActions {
  readonly view: RequestView;
  /** What the request has written so far. */
  readonly output: string;
}

/** One request, whole and live for as long as the component is mounted. */
export function useRequest(id: string): ObservedRequest {
  const client = useFeedbackClient();
  // Subscribing anew with each render would stop and start the watching.
  const request = useMemo(() => client.observe(id), [client, id]);
  const view = useReadable(request);
  return useMemo(() => {
    const { answer, cancel, retry } = request;
    return { view, output: outputOf(view.events), answer, cancel, retry };
  }, [request, view]);
}

/** All requests, newest first. */
export function useRequests(): readonly RequestView[] {
  return useReadable(useFeedbackClient().requests);
}
