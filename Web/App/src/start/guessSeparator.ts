const candidates = [",", ";", "\t", "|"];

/** The separator that the first line has most of, outside of quotes; a comma when none is there. */
export function guessSeparator(beginning: string): string {
  const counts = new Map(candidates.map((candidate) => [candidate, 0]));
  let quoted = false;
  for (const char of beginning.replace(/^\uFEFF/, "")) {
    if (char === '"') quoted = !quoted;
    if (quoted) continue;
    if (char === "\n") break;
    const seen = counts.get(char);
    if (seen !== undefined) counts.set(char, seen + 1);
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0];
}
