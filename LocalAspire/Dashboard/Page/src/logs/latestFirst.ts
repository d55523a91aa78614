import type { LogRow } from "../api/wire.js";

/** Lines come in batches, one process after the other: in the order of their arrival an effect may stand below its cause. */
export function latestFirst(rows: readonly LogRow[]): LogRow[] {
  return [...rows].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
}
