import type { RequestEvent } from "../wire.js";

export interface Output {
  /** The run that wrote it. */
  readonly writer: string;
  /** In the order in which it was written. */
  readonly text: string;
  /** How much of it nothing can come before any more: events are stored in the order in which they arrived. */
  readonly settled: number;
}

/** The output so far: that of the run that wrote last. Another run begins anew. */
export function outputOf(events: readonly RequestEvent[]): string {
  return readOutput(events)?.text ?? "";
}

export function readOutput(events: readonly RequestEvent[]): Output | undefined {
  const pieces = events.filter(({ type, data }) => type === "output-appended" && typeof data.index === "number" && typeof data.chunk === "string").map(({ data }) => data);
  const last = pieces.at(-1);
  if (last === undefined) return undefined;
  const once = new Map<unknown, RequestEvent["data"]>();
  for (const piece of pieces) if (piece.attempt === last.attempt && piece.run === last.run && !once.has(piece.index)) once.set(piece.index, piece);
  const own = [...once.values()].sort((one, other) => Number(one.index) - Number(other.index));
  const gap = own.findIndex(({ index }, place) => Number(index) !== place);
  const text = (from: readonly RequestEvent["data"][]) => from.map(({ chunk }) => String(chunk)).join("");
  return { writer: `${last.attempt} ${last.run}`, text: text(own), settled: text(gap < 0 ? own : own.slice(0, gap)).length };
}
