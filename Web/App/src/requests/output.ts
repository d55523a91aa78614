import type { RequestEvent } from "aspire-feedback";

/** A preview needs no more, and a browser lays out no more at ease. */
const most = 50_000;

/** What the latest run has written so far: ordered by its own numbers, since parts may overtake each other, and each part once. */
export function outputOf(events: readonly RequestEvent[]): string {
  const parts = new Map<number, string>();
  let run: unknown;
  for (const { type, data } of events) {
    if (type !== "output-appended" || typeof data.index !== "number" || typeof data.chunk !== "string") continue;
    if (data.run !== run) parts.clear();
    run = data.run;
    if (!parts.has(data.index)) parts.set(data.index, data.chunk);
  }
  const text = [...parts].sort(([a], [b]) => a - b).map(([, chunk]) => chunk).join("");
  return text.length > most ? `…${text.slice(-most)}` : text;
}
