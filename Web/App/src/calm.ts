import { type Readable, Store } from "aspire-feedback";

/** Nobody reads a list that changes more often. */
const restMs = 100;

/**
 * The same value, a frame after it changed, and then not again for a moment: a burst of hundreds of changes is a render or two. While the page is
 * hidden there are no frames, and nothing is rendered at all. Lives as long as its source.
 */
export function calm<T>(
  source: Readable<T>,
  soon: (act: () => void) => void = requestAnimationFrame,
  later: (act: () => void) => void = (act) => setTimeout(act, restMs),
): Readable<T> {
  const shown = new Store(source.get());
  let isDue = false;
  const take = () => {
    if (isDue || source.get() === shown.get()) return;
    isDue = true;
    soon(() => {
      shown.set(source.get());
      later(() => {
        isDue = false;
        take();
      });
    });
  };
  source.subscribe(take);
  return shown;
}
