import type { Api } from "../http/api.js";
import type { Background } from "../background.js";
import { backoffDelay } from "../backoff.js";
import type { ChannelSink } from "../channels/channel.js";
import { isWorthRepeating, ProblemError } from "../errors.js";
import type { Journal } from "../journal/journal.js";
import { pause } from "../pause.js";
import type { RequestBook } from "../requests/requestBook.js";
import { type Readable, Store } from "../store.js";
import { hasDocument, isWhole, type RequestView } from "../requests/view.js";
import type { Changed, StatusDocument, SyncAnswer, SyncRequest } from "../wire.js";

export interface FollowerParts {
  readonly api: Api;
  readonly background: Background;
  readonly book: RequestBook;
  readonly journal: Journal;
  readonly random: () => number;
  readonly nudge: EventTarget;
}

const listLimit = 50;
const knownLimit = 200;
/** Of the open requests older than the list, one round reads this many. */
const othersLimit = 20;
const fillAttempts = 6;
/** The least time the server keeps what has ended; it may say a longer one. */
const keptMs = 24 * 60 * 60 * 1000;

/** Takes in what the server says, on whatever channel, and fetches what is missing for the requests that somebody watches. */
export class Follower implements ChannelSink {
  readonly #parts: FollowerParts;
  readonly #watched = new Map<string, number>();
  readonly #filling = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #older = new Store<string | undefined>(undefined);
  #cursor: string | null = null;
  #isListed = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  /** The address of the next older page, while there is one. */
  get older(): Readable<string | undefined> {
    return this.#older;
  }

  /** Keeps the events of one request complete until the returned function is called. */
  watch(id: string): () => void {
    this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
    this.#fill(id);
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      const left = (this.#watched.get(id) ?? 1) - 1;
      if (left > 0) this.#watched.set(id, left);
      else this.#watched.delete(id);
    };
  }

  position(): SyncRequest {
    const open = this.#parts.book.open().slice(0, knownLimit);
    // Of a watched request the events matter, so the server is told of the last one here.
    const known = open.map((view) => [view.id, this.#watched.has(view.id) ? view.events.length : versionOf(view)] as const);
    return { since: this.#cursor, known: Object.fromEntries(known) };
  }

  changed(changed: Changed): void {
    if (changed.cursor !== "") this.#cursor = changed.cursor;
    this.#parts.book.applyChanged(changed);
    this.#noteEnd(changed.status);
    if (this.#watched.has(changed.id)) this.#fill(changed.id);
  }

  async synced(answer: SyncAnswer, signal: AbortSignal): Promise<void> {
    this.take(answer.requests);
    for (const change of answer.changes) this.changed(change);
    this.#cursor = answer.cursor;
    if (this.#isListed) this.#fillWatched();
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
    this.#fillWatched();
    return page.requests;
  }

  take(statuses: readonly StatusDocument[]): void {
    for (const status of statuses) this.#take(status);
    this.#fillWatched();
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
    const wanted = open.find((view) => this.#watched.has(view.id)) ?? open.at(-1);
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

  #fillWatched(): void {
    for (const id of this.#watched.keys()) this.#fill(id);
  }

  #fill(id: string): void {
    if (this.#filling.has(id) || isSettled(this.#parts.book.view(id))) return;
    this.#parts.background.start(async (signal) => {
      this.#filling.add(id);
      try {
        await this.#fillUp(id, signal);
      } finally {
        this.#filling.delete(id);
      }
    });
  }

  async #fillUp(id: string, signal: AbortSignal): Promise<void> {
    const { book, nudge, random } = this.#parts;
    for (let attempt = 0; attempt < fillAttempts && this.#watched.has(id) && !isSettled(book.view(id)); attempt++) {
      try {
        // What this device has not sent yet, the server cannot know.
        const phase = book.view(id)?.phase.at ?? "loading";
        if (phase !== "loading" && phase !== "accepted") return;
        if (phase === "loading" && (await this.#parts.journal.get(id))?.state === "open") return;
        const view = book.view(id);
        if (view === undefined || !hasDocument(view)) await this.#readInFull(id, signal);
        if (book.view(id)?.status !== undefined && (await this.#fillEvents(id, signal))) attempt = 0;
        if (isAhead(book.view(id))) await this.#readInFull(id, signal);
      } catch (error) {
        if (!isWorthRepeating(error)) throw error;
      }
      if (!isSettled(book.view(id))) await pause(backoffDelay(attempt, random()), signal, nudge);
    }
  }

  /** A list leaves results out, and a document those that are too large for it; both say where to find them. */
  async #readInFull(id: string, signal: AbortSignal): Promise<void> {
    const { api, book } = this.#parts;
    await this.read(id, signal);
    const status = book.view(id)?.status;
    if (status?.resultUrl && status.result === undefined) book.applyStatus({ ...status, result: await api.result(status.resultUrl, signal) });
  }

  /** True when something was new. */
  async #fillEvents(id: string, signal: AbortSignal): Promise<boolean> {
    const { api, book } = this.#parts;
    const count = () => book.view(id)?.events.length ?? 0;
    const before = count();
    for (let more = true; more; ) {
      const after = count();
      const page = await api.events(id, after, signal);
      book.applyEvents(id, page.events);
      more = page.more && count() > after;
    }
    return count() > before;
  }
}

function versionOf(view: RequestView): number {
  return view.status?.version ?? 0;
}

function isSettled(view: RequestView | undefined): boolean {
  return view !== undefined && (view.phase.at === "not-found" || isWhole(view));
}

/** The events tell more than the document: it is read again, in case nothing pushes it. */
function isAhead(view: RequestView | undefined): boolean {
  return view?.status !== undefined && view.events.length > view.status.version;
}
