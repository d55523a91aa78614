type Key = string | number;

/** The row that has this key by now, looked for first where it was; -1 when it is gone. */
export function rowOf(key: Key | undefined, was: number, count: number, keyOf: (index: number) => Key): number {
  if (key === undefined) return -1;
  if (was < count && keyOf(was) === key) return was;
  for (let index = 0; index < count; index++) if (keyOf(index) === key) return index;
  return -1;
}
