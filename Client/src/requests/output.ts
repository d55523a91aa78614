import type { RequestEvent } from "../wire.js";

/** The output so far: that of the run that wrote last, in the order in which it was written. Another run begins anew. */
export function outputOf(events: readonly RequestEvent[]): string {
  const pieces = events.filter(({ type }) => type === "output-appended").map(({ data }) => data);
  const last = pieces.at(-1);
  if (last === undefined) return "";
  return pieces
    .filter(({ attempt, run }) => attempt === last.attempt && run === last.run)
    .sort((one, other) => Number(one.index) - Number(other.index))
    .map(({ chunk }) => String(chunk))
    .join("");
}
