/** Whether it is worth being connected. */
export interface Attention {
  /** Somebody looks, or wants to be told while looking elsewhere. */
  isHere(): boolean;
  /** As far as the browser knows: "no" may be wrong, for a server on this machine for example. */
  isOnline(): boolean;
  subscribe(listener: () => void): () => void;
}

export const alwaysHere: Attention = { isHere: () => true, isOnline: () => true, subscribe: () => () => {} };

/** Of one page. */
export class PageAttention implements Attention {
  readonly #tellsWhenHidden: () => boolean;

  /** @param tellsWhenHidden whether somebody is notified of what ends while the page is hidden. */
  constructor(tellsWhenHidden: () => boolean) {
    this.#tellsWhenHidden = tellsWhenHidden;
  }

  isHere(): boolean {
    return document.visibilityState === "visible" || this.#tellsWhenHidden();
  }

  isOnline(): boolean {
    return navigator.onLine;
  }

  subscribe(listener: () => void): () => void {
    document.addEventListener("visibilitychange", listener);
    for (const name of ["online", "offline"]) addEventListener(name, listener);
    return () => {
      document.removeEventListener("visibilitychange", listener);
      for (const name of ["online", "offline"]) removeEventListener(name, listener);
    };
  }
}
