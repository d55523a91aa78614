import { type RequestView, Store } from "aspire-feedback";

/** What this browser has shown to its person: what ended after `since` is news until it is opened. */
export interface Seen {
  readonly since: string;
  readonly opened: readonly string[];
}

const key = "aspire-feedback/seen";
const most = 300;

/** Kept over visits, and the same in every window. */
export class SeenStore extends Store<Seen> {
  readonly #storage: Pick<Storage, "getItem" | "setItem">;

  constructor(storage: Pick<Storage, "getItem" | "setItem"> = localStorage, now: Date = new Date()) {
    const kept = read(storage.getItem(key));
    super(kept ?? { since: now.toISOString(), opened: [] });
    this.#storage = storage;
    if (kept === undefined) this.#keep(this.get());
  }

  follow(signal: AbortSignal): void {
    const changed = (event: StorageEvent) => event.key === key && this.set(read(event.newValue) ?? this.get());
    addEventListener("storage", changed, { signal });
  }

  open(view: RequestView): void {
    const { since, opened } = this.get();
    if (!isNews(view, this.get())) return;
    if (opened.length < most) this.#keep({ since, opened: [...opened, view.id] });
    else this.#keep({ since: view.status?.lastUpdatedAt ?? since, opened: [] });
  }

  openAll(views: readonly RequestView[]): void {
    const times = views.filter((view) => view.status?.done).map((view) => view.status?.lastUpdatedAt ?? "");
    const { since } = this.get();
    this.#keep({ since: times.reduce((latest, time) => (Date.parse(time) > Date.parse(latest) ? time : latest), since), opened: [] });
  }

  #keep(seen: Seen): void {
    this.set(seen);
    try {
      this.#storage.setItem(key, JSON.stringify(seen));
    } catch {
      // A full or forbidden storage: then this window alone remembers.
    }
  }
}

export function isNews({ id, status }: RequestView, seen: Seen): boolean {
  return status?.done === true && timeOf(status, status.lastUpdatedAt) > timeOf(seen, seen.since) && !seen.opened.includes(id);
}

const times = new WeakMap<object, number>();

/** Read once for each document: a list of a thousand asks again with every change of one. */
function timeOf(holder: object, text: string): number {
  const known = times.get(holder);
  if (known !== undefined) return known;
  const time = Date.parse(text);
  times.set(holder, time);
  return time;
}

function read(text: string | null): Seen | undefined {
  try {
    const seen = JSON.parse(text ?? "null") as Partial<Seen> | null;
    return typeof seen?.since === "string" && Array.isArray(seen.opened) ? { since: seen.since, opened: seen.opened } : undefined;
  } catch {
    return undefined;
  }
}
