import { number } from "../format.js";

/** A number, a boolean, a date as ISO 8601, or text: whatever the column holds. */
export type Value = string | number | boolean;

export interface Bin {
  readonly from: Value;
  /** Exclusive, unless it equals `from`: then all values are that one. */
  readonly to: Value;
  readonly count: number;
}

export interface TopValue {
  readonly value: string;
  readonly count: number;
}

export interface Column {
  readonly name: string;
  readonly type: "integer" | "number" | "boolean" | "date" | "text";
  readonly count: number;
  readonly missing: number;
  readonly distinct: number;
  readonly distinctIsEstimate: boolean;
  readonly min?: Value | null;
  readonly max?: Value | null;
  readonly mean?: number | null;
  readonly histogram?: readonly Bin[] | null;
  readonly top?: readonly TopValue[] | null;
}

export interface Profile {
  readonly rows: number;
  readonly columns: readonly Column[];
  /** What to know before trusting the numbers. */
  readonly notes?: readonly string[] | null;
}

export function isProfile(result: unknown): result is Profile {
  return typeof result === "object" && result !== null && "rows" in result && "columns" in result && Array.isArray(result.columns);
}

export function show(value: Value): string {
  if (typeof value === "number") return number(value);
  // Midnight is what a date without a time becomes.
  return String(value).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?.*$/, (_, day: string, time: string) => (time === "00:00" ? day : `${day} ${time}`));
}
