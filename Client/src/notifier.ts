import { isDone, type RequestView } from "./requests/view.js";
import type { Readable } from "./store.js";

export interface Notice {
  readonly title: string;
  readonly body?: string;
  readonly icon?: string;
  /** The person has clicked it; the page is in front again. */
  readonly onClick?: () => void;
}

/** What to tell of a request that has ended; undefined for nothing. */
export type Describe = (view: RequestView) => Notice | undefined;

export function canNotify(): boolean {
  return typeof Notification !== "undefined" && Notification.permission === "granted";
}

/** Tells of every request that ends while `isUnwatched`; what had ended before it was first seen is no news. */
export function notifyOfEnds(requests: Readable<readonly RequestView[]>, describe: Describe, isUnwatched: () => boolean): () => void {
  const open = new Set<string>();
  return requests.subscribe(() => {
    for (const view of requests.get()) {
      if (!isDone(view)) open.add(view.id);
      else if (open.delete(view.id) && isUnwatched() && canNotify()) show(view.id, describe(view));
    }
  });
}

function show(id: string, notice: Notice | undefined): void {
  if (notice === undefined) return;
  const { title, onClick, ...more } = notice;
  const notification = open(title, { tag: id, ...more });
  if (notification === undefined) return;
  notification.onclick = () => {
    notification.close();
    window.focus();
    onClick?.();
  };
}

/** Chrome on Android lets only a service worker show one, and throws in spite of the permission: others still have to hear of the change. */
function open(title: string, options: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
