import { type Readable, Store } from "../store.js";
import { emptyView, isDone, type RequestView, withEvents, withStatus } from "./view.js";
import type { Changed, RequestEvent, StatusDocument } from "../wire.js";

/** The requests this client knows of, each as a store of its own, and all of them as one list, newest first. */
export class RequestBook {
  readonly #stores = new Map<string, Store<RequestView>>();
  readonly #list = new Store<readonly RequestView[]>([]);
  /** Parsed once: the list is sorted after every change. */
  readonly #times = new Map<string, number>();
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
    if (store.get() !== before) this.#listSoon();
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

  /** Many changes arrive in one turn; sorting once for all of them keeps a long list cheap. */
  #listSoon(): void {
    if (this.#listIsDue) return;
    this.#listIsDue = true;
    queueMicrotask(() => {
      this.#listIsDue = false;
      const views = [...this.#stores.values()].map((store) => store.get()).filter(isListed);
      this.#list.set(views.sort((a, b) => this.#timeOf(b) - this.#timeOf(a) || (a.id < b.id ? 1 : -1)));
    });
  }

  #timeOf({ createdAt }: RequestView): number {
    let time = this.#times.get(createdAt);
    if (time === undefined) this.#times.set(createdAt, (time = Date.parse(createdAt)));
    return time;
  }
}

function isListed(view: RequestView): boolean {
  return view.phase.at !== "loading" && view.phase.at !== "not-found";
}
