/**
 * A browser has six connections for all tabs of an origin, and a stream takes one for as long as it is open: only while somebody can see what it
 * tells. `open` returns what closes it; so does this.
 */
export function whileVisible(open: () => () => void): () => void {
  let close: (() => void) | undefined;
  const follow = () => {
    if (document.visibilityState === "visible") {
      close ??= open();
      return;
    }
    close?.();
    close = undefined;
  };
  follow();
  document.addEventListener("visibilitychange", follow);
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close?.();
  };
}
