import type { ChannelSink } from "../channels/channel.js";
import { ProblemError } from "../errors.js";
import { type Readable, Store } from "../store.js";
import type { RequestView } from "../requests/view.js";
import type { Changed, StatusDocument, SyncAnswer, SyncRequest } from "../wire.js";
import { Watching, type WatchingParts } from "./watching.js";

export type FollowerParts = Omit<WatchingParts, "read">;

const listLimit = 50;
const knownLimit = 200;
/** Of the open requests older than the list, one round reads this many. */
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
  #isListed = false;

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

  position(): SyncRequest {
    const open = this.#parts.book.open().slice(0, knownLimit);
    // Of a watched request the events matter, so the server is told of the last one here.
    const known = open.map((view) => [view.id, this.#watching.has(view.id) ? view.events.length : versionOf(view)] as const);
    return { since: this.#cursor, known: Object.fromEntries(known) };
  }

  changed(changed: Changed): void {
    if (changed.cursor !== "") this.#cursor = changed.cursor;
    this.#parts.book.applyChanged(changed);
    this.#noteEnd(changed.status);
    this.#watching.fill(changed.id);
  }

  async synced(answer: SyncAnswer, signal: AbortSignal): Promise<void> {
    this.take(answer.requests);
    for (const change of answer.changes) this.changed(change);
    this.#cursor = answer.cursor;
    if (this.#isListed) this.#watching.fillAll();
    else await this.refresh(signal);
  }

  /** Reads the newest requests, and those of the open ones that are not among them. */
  async refresh(signal: AbortSignal): Promise<readonly StatusDocument[]> {
    const page = await this.#parts.api.list(listLimit, signal);
    this.take(page.requests);
    if (!this.#isListed) this.#older.set(page.next);
    this.#isListed = true;
    const isRead = new Set(page.requests.map((status) => status.id));
    const others = this.#parts.book.open().filter((view) => !isRead.has(view.id));
    for (const { id } of others.slice(0, othersLimit)) await this.read(id, signal);
    this.#watching.fillAll();
    return page.requests;
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
      if (!(error instanceof ProblemError && error.problem.status === 404)) throw error;
      // What is still to be sent from here is no more than unknown there.
      const entry = await this.#parts.journal.get(id);
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
      await this.#parts.journal.update(id, (entry) => (entry.expiresAt === undefined ? { expiresAt: until } : undefined));
    });
  }
}

function versionOf(view: RequestView): number {
  return view.status?.version ?? 0;
}
