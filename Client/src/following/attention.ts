/** Whether it is worth being connected. */
export interface Attention {
  /** Somebody looks. */
  isHere(): boolean;
  /** Somebody is to be notified of what happens while looking elsewhere. */
  wantsNews(): boolean;
  /** As far as the browser knows: "no" may be wrong, for a server on this machine for example. */
  isOnline(): boolean;
  subscribe(listener: () => void): () => void;
}

export const alwaysHere: Attention = { isHere: () => true, wantsNews: () => true, isOnline: () => true, subscribe: () => () => {} };

/** Of one page. */
export class PageAttention implements Attention {
  readonly wantsNews: () => boolean;

  constructor(wantsNews: () => boolean) {
    this.wantsNews = wantsNews;
  }

  isHere(): boolean {
    return document.visibilityState === "visible";
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
