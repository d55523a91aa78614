import { type Readable, Store } from "aspire-feedback";

/**
 * The same value at most once a frame. A burst of hundreds of changes is then one render; while the page is hidden there are no frames, and
 * nothing is rendered at all. Lives as long as its source.
 */
export function calm<T>(source: Readable<T>, soon: (act: () => void) => void = requestAnimationFrame): Readable<T> {
  const shown = new Store(source.get());
  let isDue = false;
  source.subscribe(() => {
    if (isDue) return;
    isDue = true;
    soon(() => {
      isDue = false;
      shown.set(source.get());
    });
  });
  return shown;
}
