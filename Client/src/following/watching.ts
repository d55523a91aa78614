import type { Api } from "../http/api.js";
import type { Background } from "../background.js";
import { backoffDelay } from "../backoff.js";
import { isWorthRepeating, withoutJournal } from "../errors.js";
import type { Journal } from "../journal/journal.js";
import { pause } from "../pause.js";
import type { RequestBook } from "../requests/requestBook.js";
import { hasDocument, isWhole, type RequestView, withoutEvents } from "../requests/view.js";

export interface WatchingParts {
  readonly api: Api;
  readonly background: Background;
  readonly book: RequestBook;
  readonly journal: Journal;
  readonly random: () => number;
  readonly nudge: EventTarget;
  /** Reads one request's document into the book. */
  readonly read: (id: string, signal: AbortSignal) => Promise<void>;
}

const fillAttempts = 6;
/** Of so many requests that nobody watches any more, the events are kept. */
const keptLimit = 30;

/** The requests that somebody watches: what is missing of them, result and events, is fetched. */
export class Watching {
  readonly #parts: WatchingParts;
  readonly #watched = new Map<string, number>();
  readonly #filling = new Map<string, AbortSignal>();
  /** No more watched, the last one last: what is looked at again soon is still there, what is not makes room. */
  readonly #left = new Set<string>();

  constructor(parts: WatchingParts) {
    this.#parts = parts;
  }

  /** Until the returned function is called. */
  watch(id: string): () => void {
    this.#watched.set(id, (this.#watched.get(id) ?? 0) + 1);
    this.#left.delete(id);
    this.fill(id);
    let isWatching = true;
    return () => {
      if (!isWatching) return;
      isWatching = false;
      const left = (this.#watched.get(id) ?? 1) - 1;
      if (left > 0) this.#watched.set(id, left);
      else this.#leave(id);
    };
  }

  has(id: string): boolean {
    return this.#watched.has(id);
  }

  fillAll(): void {
    for (const id of this.#watched.keys()) this.fill(id);
  }

  /** Does nothing for a request that nobody watches, or of which nothing is missing. */
  fill(id: string): void {
    // One that was stopped with its run is as good as none.
    if (!this.has(id) || this.#filling.get(id)?.aborted === false || isSettled(this.#parts.book.view(id))) return;
    this.#parts.background.start(async (signal) => {
      this.#filling.set(id, signal);
      try {
        await this.#fillUp(id, signal);
      } finally {
        if (this.#filling.get(id) === signal) this.#filling.delete(id);
      }
    });
  }

  #leave(id: string): void {
    this.#watched.delete(id);
    this.#left.add(id);
    const [oldest] = this.#left;
    if (oldest === undefined || this.#left.size <= keptLimit) return;
    this.#left.delete(oldest);
    this.#parts.book.update(oldest, withoutEvents);
  }

  async #fillUp(id: string, signal: AbortSignal): Promise<void> {
    const { book, nudge, random } = this.#parts;
    for (let attempt = 0; attempt < fillAttempts && this.has(id) && !isSettled(book.view(id)); attempt++) {
      try {
        // What this device has not sent yet, the server cannot know.
        const phase = book.view(id)?.phase.at ?? "loading";
        if (phase !== "loading" && phase !== "accepted") return;
        if (phase === "loading" && (await this.#parts.journal.get(id).catch(withoutJournal))?.state === "open") return;
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
    const { api, book, read } = this.#parts;
    await read(id, signal);
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

function isSettled(view: RequestView | undefined): boolean {
  return view !== undefined && (view.phase.at === "not-found" || isWhole(view));
}

/** The events tell more than the document: it is read again, in case nothing pushes it. */
function isAhead(view: RequestView | undefined): boolean {
  return view?.status !== undefined && view.events.length > view.status.version;
}
