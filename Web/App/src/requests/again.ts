import type { RequestView } from "aspire-feedback";

/** What was asked for, as the server keeps it; undefined until the first event is here, or when it is nothing that can be asked for again. */
export function payloadOf({ events }: RequestView): Readonly<Record<string, unknown>> | undefined {
  const [accepted] = events;
  const payload = accepted?.type === "request-accepted" ? accepted.data.payload : undefined;
  return typeof payload === "object" && payload !== null && !Array.isArray(payload) ? (payload as Readonly<Record<string, unknown>>) : undefined;
}
