import type { ConsoleLine } from "../api/wire.js";
import { stripAnsi } from "./ansi.js";

export const mostLines = 20_000;

/** In the order of their numbers, each once, the oldest go first. */
export function join(lines: readonly ConsoleLine[], more: readonly ConsoleLine[]): readonly ConsoleLine[] {
  const last = lines.at(-1)?.n ?? -1;
  const added = more.filter(({ n }) => n > last);
  if (added.length === 0) return lines;
  return [...lines, ...added].slice(-mostLines);
}

/** All words must occur, in any order. */
export function narrow(lines: readonly ConsoleLine[], filter: string): readonly ConsoleLine[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return lines;
  return lines.filter(({ text, instance }) => {
    const plain = `${instance} ${stripAnsi(text)}`.toLowerCase();
    return words.every((word) => plain.includes(word));
  });
}
