import type { ChannelSink } from "../channels/channel.js";
import { ProblemError, withoutJournal } from "../errors.js";
import type { RequestsPage } from "../http/api.js";
import { type Readable, Store } from "../store.js";
import type { RequestView } from "../requests/view.js";
import type { Changed, StatusDocument, SyncAnswer, SyncRequest } from "../wire.js";
import { Watching, type WatchingParts } from "./watching.js";

export type FollowerParts = Omit<WatchingParts, "read">;

const listLimit = 50;
/** The server gives no more in one page. */
const pageLimit = 200;
/** The server takes no more. */
const knownLimit = 1000;
/** Of the open requests older than the list, one round reads this many one by one, and this many pages at most. */
const othersLimit = 20;
/** The least time the server keeps what has ended; it may say a longer one. */
const keptMs = 24 * 60 * 60 * 1000;

/** Takes in what the server says, on whatever channel, and has what is missing fetched for the requests that somebody watches. */
export class Follower implements ChannelSink {
  readonly #parts: FollowerParts;
  readonly #watching: Watching;
  readonly #ended = new Set<string>();
  readonly #older = new Store<string | undefined>(undefined);
  #cursor: string | null = null;
  /** How often something may have been missed, and which of those times has been made up for: until then the cursor stays before the gap. */
  #gaps = 0;
  #closed = -1;
  #isListed = false;
  #rounds = 0;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#watching = new Watching({ ...parts, read: (id, signal) => this.read(id, signal) });
  }

  /** The address of the next older page, while there is one. */
  get older(): Readable<string | undefined> {
    return this.#older;
  }

  /** Keeps the events of one request complete until the returned function is called. */
  watch(id: string): () => void {
    return this.#watching.watch(id);
  }

  /** Where a connection that begins now has to go on. */
  position(): SyncRequest {
    this.missed();
    const open = this.#parts.book.open().slice(0, knownLimit);
    // Of a watched request the events matter, so the server is told of the last one here.
    const known = open.map((view) => [view.id, this.#watching.has(view.id) ? view.events.length : versionOf(view)] as const);
    return { since: this.#cursor, known: Object.fromEntries(known) };
  }

  /** From now on something may happen that this client does not hear of, until it has caught up. */
  missed(): void {
    this.#gaps++;
  }

  changed(changed: Changed): void {
    if (changed.cursor !== "" && this.#closed === this.#gaps) this.#cursor = changed.cursor;
    // Events are kept of what is watched: a page that is open for days would gather those of all requests.
    this.#parts.book.applyChanged(this.#watching.has(changed.id) ? changed : { ...changed, events: [] });
    this.#noteEnd(changed.status);
    this.#watching.fill(changed.id);
  }

  async synced(answer: SyncAnswer, signal: AbortSignal): Promise<void> {
    const gap = this.#gaps;
    this.take(answer.requests);
    for (const change of answer.changes) this.changed(change);
    // Without a place to go on from, the answer tells of nothing that was accepted before; and never of open ones that were too many to name.
    if (this.#cursor === null || this.#parts.book.open().length > knownLimit) await this.refresh(signal);
    this.#cursor = answer.cursor;
    this.#closed = Math.max(this.#closed, gap);
    this.#watching.fillAll();
  }

  /** Reads the newest requests, and those of the open ones that are not among them. */
  async refresh(signal: AbortSignal): Promise<readonly StatusDocument[]> {
    const gap = this.#gaps;
    const { api, book } = this.#parts;
    const page = await api.list(book.open().length > listLimit ? pageLimit : listLimit, signal);
    this.take(page.requests);
    if (!this.#isListed) this.#older.set(page.next);
    this.#isListed = true;
    await this.readOthers(page.requests, signal, page.next);
    this.#closed = Math.max(this.#closed, gap);
    this.#watching.fillAll();
    return page.requests;
  }

  /**
   * Reads the open requests that a list does not tell of: many by its next pages, in proportion, since they may lie far back; the others one by
   * one, first those that somebody watches, then in turns.
   */
  async readOthers(listed: readonly StatusDocument[], signal: AbortSignal, next?: string): Promise<void> {
    const { api, book } = this.#parts;
    let others = without(book.open().map(({ id }) => id), listed);
    for (let pages = Math.min(Math.floor((others.length - 1) / othersLimit), othersLimit); pages > 0 && next !== undefined && others.length > 0; pages--) {
      const page: RequestsPage = await api.list(pageLimit, signal, next);
      // What nobody has asked for stays out of the list.
      this.take(page.requests.filter(({ id }) => book.view(id)?.status !== undefined));
      others = without(others, page.requests);
      next = page.next;
    }
    const from = (this.#rounds++ * othersLimit) % (others.length || 1);
    const inTurn = [...others.slice(from), ...others.slice(0, from)].sort((one, other) => Number(this.#watching.has(other)) - Number(this.#watching.has(one)));
    for (const id of inTurn.slice(0, othersLimit)) await this.read(id, signal);
  }

  take(statuses: readonly StatusDocument[]): void {
    for (const status of statuses) this.#take(status);
    this.#watching.fillAll();
  }

  async loadOlder(signal?: AbortSignal): Promise<void> {
    const page = await this.#parts.api.list(listLimit, signal, this.#older.get());
    this.take(page.requests);
    this.#older.set(page.next);
  }

  async read(id: string, signal?: AbortSignal): Promise<void> {
    try {
      this.#take(await this.#parts.api.read(id, signal));
    } catch (error) {
      if (!(error instanceof ProblemError && error.is("not-found"))) throw error;
      // What is still to be sent from here is no more than unknown there.
      const entry = await this.#parts.journal.get(id).catch(withoutJournal);
      if (entry === undefined || entry.state === "accepted") this.#parts.book.forget(id);
    }
  }

  mostWanted(): { readonly id: string; readonly version: number } | undefined {
    const open = this.#parts.book.open();
    const wanted = open.find((view) => this.#watching.has(view.id)) ?? open.at(-1);
    return wanted && { id: wanted.id, version: versionOf(wanted) };
  }

  #take(status: StatusDocument): void {
    this.#parts.book.applyStatus(status);
    this.#noteEnd(status);
  }

  /** The record on this device goes before the server's does, or it would be sent once more. */
  #noteEnd({ id, done, expiresAt }: StatusDocument): void {
    if (!done || this.#ended.has(id)) return;
    this.#ended.add(id);
    const until = expiresAt ?? new Date(Date.now() + keptMs).toISOString();
    this.#parts.background.start(async () => {
      await this.#parts.journal.update(id, (entry) => (entry.expiresAt === undefined ? { expiresAt: until } : undefined)).catch(withoutJournal);
    });
  }
}

function versionOf(view: RequestView): number {
  return view.status?.version ?? 0;
}

function without(ids: readonly string[], listed: readonly StatusDocument[]): readonly string[] {
  const isListed = new Set(listed.map(({ id }) => id));
  return ids.filter((id) => !isListed.has(id));
}
