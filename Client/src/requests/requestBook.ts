import { type Readable, Store } from "../store.js";
import { emptyView, isDone, type RequestView, withEvents, withStatus } from "./view.js";
import type { Changed, RequestEvent, StatusDocument } from "../wire.js";

/** The requests this client knows of, each as a store of its own, and all of them as one list, newest first. */
export class RequestBook {
  readonly #stores = new Map<string, Store<RequestView>>();
  readonly #list = new Store<readonly RequestView[]>([]);
  /** Those listed, newest first. Most changes leave it as it is, so it is sorted only when it may be another one. */
  #order: readonly Store<RequestView>[] = [];
  #orderIsDue = false;
  #listIsDue = false;

  get list(): Readable<readonly RequestView[]> {
    return this.#list;
  }

  /** The store of one request, known or not; asking alone does not put it into the list. */
  store(id: string): Readable<RequestView> {
    return this.#storeOf(id);
  }

  view(id: string): RequestView | undefined {
    return this.#stores.get(id)?.get();
  }

  update(id: string, change: (view: RequestView) => RequestView): void {
    const store = this.#storeOf(id);
    const before = store.get();
    store.set(change(before));
    const after = store.get();
    if (after === before) return;
    if (after.createdAt !== before.createdAt || isListed(after) !== isListed(before)) this.#orderIsDue = true;
    this.#listSoon();
  }

  applyStatus(status: StatusDocument): void {
    this.update(status.id, (view) => withStatus(view, status));
  }

  applyEvents(id: string, events: readonly RequestEvent[]): void {
    this.update(id, (view) => withEvents(view, events));
  }

  applyChanged(changed: Changed): void {
    this.update(changed.id, (view) => withEvents(withStatus(view, changed.status), changed.events));
  }

  forget(id: string): void {
    this.update(id, (view) => ({ ...emptyView(id), phase: { at: "not-found" }, label: view.label }));
  }

  open(): readonly RequestView[] {
    return [...this.#stores.values()].map((store) => store.get()).filter((view) => view.status !== undefined && !isDone(view));
  }

  #storeOf(id: string): Store<RequestView> {
    let store = this.#stores.get(id);
    if (store === undefined) this.#stores.set(id, (store = new Store(emptyView(id))));
    return store;
  }

  /** Many changes arrive in one turn: one list for all of them. */
  #listSoon(): void {
    if (this.#listIsDue) return;
    this.#listIsDue = true;
    queueMicrotask(() => {
      this.#listIsDue = false;
      if (this.#orderIsDue) this.#order = newestFirst([...this.#stores.values()].filter((store) => isListed(store.get())));
      this.#orderIsDue = false;
      this.#list.set(this.#order.map((store) => store.get()));
    });
  }
}

function newestFirst(stores: readonly Store<RequestView>[]): readonly Store<RequestView>[] {
  const timed = stores.map((store) => ({ store, id: store.get().id, time: Date.parse(store.get().createdAt) || 0 }));
  return timed.sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1)).map(({ store }) => store);
}

function isListed(view: RequestView): boolean {
  return view.phase.at !== "loading" && view.phase.at !== "not-found";
}
