import { type Notice, type RequestView, Store } from "aspire-feedback";
import { select } from "./selection.js";
import { nameOf, wordsFor } from "./words.js";

/** "refused": the browser does not allow it for this page, and asks nobody again; "unanswered": it asked, and was sent away. */
export type Notices = "on" | "off" | "refused" | "unanswered";

type Permission = Pick<typeof Notification, "permission" | "requestPermission">;

const key = "aspire-feedback/notices";

/** Whether this browser's person wants to be told of ends while elsewhere: kept over visits, and the same in every window. */
export class NoticeStore extends Store<Notices> {
  readonly #storage: Pick<Storage, "getItem" | "setItem">;
  readonly #browser: Permission | undefined;

  constructor(storage: Pick<Storage, "getItem" | "setItem"> = localStorage, browser: Permission | undefined = globalThis.Notification) {
    super(standing(storage.getItem(key), browser));
    this.#storage = storage;
    this.#browser = browser;
  }

  /** False for a browser that knows no notices at all. */
  get isPossible(): boolean {
    return this.#browser !== undefined;
  }

  follow(signal: AbortSignal): void {
    const changed = (event: StorageEvent) => event.key === key && this.set(standing(event.newValue, this.#browser));
    addEventListener("storage", changed, { signal });
  }

  /** Asks the browser's person where it has to: only on a click, or browsers refuse unasked. */
  async switchOn(): Promise<void> {
    const permission = await this.#browser?.requestPermission();
    if (permission === "granted") this.#keep("on");
    else this.set(permission === "default" ? "unanswered" : "refused");
  }

  switchOff(): void {
    this.#keep("off");
  }

  #keep(notices: "on" | "off"): void {
    this.set(notices);
    try {
      this.#storage.setItem(key, notices);
    } catch {
      // A full or forbidden storage: then this visit alone remembers.
    }
  }
}

/** What the notice of an end says; a click on it leads to the request. */
export function noticeOf(view: RequestView): Notice {
  const { headline } = wordsFor(view, Date.now());
  return { title: nameOf(view), body: headline, onClick: () => select(view.id) };
}

/** The browser has the last word: its settings can take back what was allowed. */
function standing(kept: string | null, browser: Permission | undefined): Notices {
  if (kept !== "on" || browser === undefined || browser.permission === "default") return "off";
  return browser.permission === "granted" ? "on" : "refused";
}
