const spare = 8;

/** The first and the last row to render, some above and below the view among them; `last` is before `first` when there is none. */
export function rowsInView(top: number, height: number, rowHeight: number, count: number): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const last = Math.min(count - 1, Math.ceil((top + height) / rowHeight) + spare);
  // A list that has become shorter is still scrolled to where its end was.
  return { first: Math.min(first, Math.max(0, count - 1 - Math.ceil(height / rowHeight) - spare)), last };
}
