import type { Instrument } from "../api/wire.js";

const nouns: Readonly<Record<string, string>> = { s: "seconds", ms: "milliseconds", us: "microseconds", ns: "nanoseconds", min: "minutes", h: "hours", d: "days", By: "bytes", "%": "percent" };

/** What the numbers of an instrument are, in words: "requests per second", "percentiles in seconds". */
export function measured(type: Instrument["type"], unit: string | undefined): string {
  const noun = nounOf(unit);
  if (type === "Histogram") return noun ? `percentiles in ${noun}` : "percentiles";
  return [noun, type === "Counter" ? "per second" : "at each moment"].filter(Boolean).join(" ");
}

/** A unit of UCUM. One in braces is a thing that is counted, in the singular. */
function nounOf(unit: string | undefined): string {
  if (!unit || unit === "1") return "";
  const thing = /^\{(.+)\}$/.exec(unit)?.[1]?.replaceAll("_", " ");
  if (thing === undefined) return nouns[unit] ?? unit;
  return thing.endsWith("s") ? thing : thing.endsWith("y") ? `${thing.slice(0, -1)}ies` : `${thing}s`;
}
