import type { ConsoleLine } from "../api/wire.js";
import { stripAnsi } from "./ansi.js";

export const tabSize = 8;

// In a font of one width these take two columns.
const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/gu;
const widths = new WeakMap<ConsoleLine, number>();

/** The row in which each line begins, and after the last one how many rows there are. Without columns every line is one row. */
export function rowStarts(lines: readonly ConsoleLine[], columns: number | undefined, before: (line: ConsoleLine) => number): readonly number[] {
  const starts = [0];
  let row = 0;
  for (const line of lines) {
    row += columns === undefined ? 1 : Math.max(1, Math.ceil((before(line) + widthOf(line)) / columns));
    starts.push(row);
  }
  return starts;
}

/** The line that a row belongs to. */
export function lineAt(starts: readonly number[], row: number): number {
  let [low, high] = [0, Math.max(0, starts.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= row) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** In columns. A tab counts as its longest. */
function widthOf(line: ConsoleLine): number {
  let width = widths.get(line);
  if (width === undefined) {
    const text = stripAnsi(line.text);
    width = text.length + (text.match(wide)?.length ?? 0) + (text.split("\t").length - 1) * (tabSize - 1);
    widths.set(line, width);
  }
  return width;
}
