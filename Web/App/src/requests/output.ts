import { outputOf as wholeOutputOf, type RequestEvent } from "aspire-feedback";

/** A preview needs no more, and a browser lays out no more at ease. */
const most = 50_000;

/** The end of what the latest run has written so far. */
export function outputOf(events: readonly RequestEvent[]): string {
  const text = wholeOutputOf(events);
  return text.length > most ? `…${text.slice(-most)}` : text;
}
