export interface Bin {
  readonly from: number;
  readonly to: number;
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
  readonly min?: string | number | null;
  readonly max?: string | number | null;
  readonly mean?: number | null;
  readonly histogram?: readonly Bin[] | null;
  readonly top?: readonly TopValue[] | null;
}

export interface Profile {
  readonly rows: number;
  readonly columns: readonly Column[];
}

export function isProfile(result: unknown): result is Profile {
  return typeof result === "object" && result !== null && "rows" in result && "columns" in result && Array.isArray(result.columns);
}
