import type { Api } from "../http/api.js";
import { backoffDelay } from "../backoff.js";
import { isAborted, isWorthRepeating, ProblemError, SomebodyElseError } from "../errors.js";
import type { Exclusive } from "./exclusive.js";
import { Turns } from "./turns.js";
import type { Journal, JournalEntry } from "../journal/journal.js";
import { pause } from "../pause.js";
import type { RequestBook } from "../requests/requestBook.js";
import type { FileShelf } from "../journal/shelf.js";
import type { Phase } from "../requests/view.js";
import type { Problem } from "../wire.js";

export interface SenderParts {
  readonly api: Api;
  readonly journal: Journal;
  readonly shelf: FileShelf;
  readonly book: RequestBook;
  readonly exclusive: Exclusive;
  readonly random: () => number;
  /** Fires "nudge" when the network may be back: waiting ends early. */
  readonly nudge: EventTarget;
}

/**
 * Brings every open journal entry to the server: uploads its files, then repeats one PUT with one id until there is an answer.
 * It may be interrupted anywhere; whoever starts next goes on, since the same bytes and the same PUT again change nothing.
 */
export class Sender {
  readonly #parts: SenderParts;
  readonly #running = new Map<string, AbortController>();
  /** Bytes this page holds itself: the shelf may have refused them. */
  readonly #bytes = new Map<string, Blob>();
  /** A browser lets six calls to a server leave at a time: the seventh would use up its time waiting here. */
  readonly #turns = new Turns(4);

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  hold(fileId: string, bytes: Blob): void {
    this.#bytes.set(fileId, bytes);
  }

  release(fileId: string): void {
    this.#bytes.delete(fileId);
  }

  stop(id: string): void {
    this.#running.get(id)?.abort();
  }

  /** Resolves when the entry is accepted or refused, or the sender is stopped; a second call for the same entry is no second sender. */
  async deliver(id: string, signal: AbortSignal): Promise<void> {
    if (this.#running.has(id) || signal.aborted) return;
    const controller = new AbortController();
    const stop = () => controller.abort();
    signal.addEventListener("abort", stop);
    this.#running.set(id, controller);
    try {
      await this.#parts.exclusive(
        `aspire-feedback/send/${id}`,
        controller.signal,
        () => this.#repeat(id, controller.signal),
        () => this.#phase(id, { at: "elsewhere" }),
      );
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      signal.removeEventListener("abort", stop);
      this.#running.delete(id);
    }
  }

  async #repeat(id: string, signal: AbortSignal): Promise<void> {
    const { nudge, random } = this.#parts;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await this.#turns.take(signal, () => this.#try(id, signal));
      } catch (error) {
        if (!isWorthRepeating(error)) {
          // It waits in the journal for its owner.
          if (error instanceof SomebodyElseError) return;
          if (error instanceof ProblemError) return await this.#refuse(id, error.problem);
          throw error;
        }
        const refusal = error instanceof ProblemError ? error : undefined;
        const delay = backoffDelay(attempt, random(), undefined, refusal?.retryAfterMs);
        this.#phase(id, { at: "waiting", retryAt: Date.now() + delay, reason: refusal ? "busy" : "unreachable" });
        // A network that came back ends a wait for the network, not one the server asked for.
        await pause(delay, signal, refusal ? undefined : nudge);
      }
    }
  }

  async #try(id: string, signal: AbortSignal): Promise<void> {
    const { api, journal } = this.#parts;
    const found = await journal.get(id);
    if (found?.state !== "open") return;
    const bytes = await this.#missingBytes(found);
    if (bytes === undefined) return;
    // Once it is known who is here, the journal says whether it is theirs, and it leaves as theirs or not at all.
    await api.identify();
    const entry = await journal.get(id);
    if (entry?.state !== "open") return;
    await this.#upload(entry, bytes, signal);
    await this.#submit(id, signal);
  }

  /** The bytes of every upload still to do; undefined when some are gone and only the person can bring them again. */
  async #missingBytes(entry: JournalEntry): Promise<ReadonlyMap<string, Blob> | undefined> {
    const found = new Map<string, Blob>();
    for (const upload of entry.uploads.filter((candidate) => !candidate.done)) {
      const bytes = this.#bytes.get(upload.id) ?? (await this.#parts.shelf.get(upload.id));
      if (bytes === undefined) {
        this.#phase(entry.id, { at: "file-lost", name: upload.name });
        return undefined;
      }
      found.set(upload.id, bytes);
    }
    return found;
  }

  async #upload(entry: JournalEntry, files: ReadonlyMap<string, Blob>, signal: AbortSignal): Promise<void> {
    const { api, journal, shelf } = this.#parts;
    const total = [...files.values()].reduce((sum, file) => sum + file.size, 0);
    let before = 0;
    for (const [fileId, file] of files) {
      const progress = (sent: number) => this.#phase(entry.id, { at: "uploading", sent: Math.min(before + sent, total), total });
      progress(0);
      await api.upload(fileId, file, progress, signal, entry.owner);
      await journal.update(entry.id, ({ uploads }) => ({ uploads: uploads.map((u) => (u.id === fileId ? { ...u, done: true } : u)) }));
      this.#bytes.delete(fileId);
      await shelf.remove(fileId);
      before += file.size;
    }
  }

  async #submit(id: string, signal: AbortSignal): Promise<void> {
    const { api, book, journal } = this.#parts;
    this.#phase(id, { at: "sending" });
    // Written before the PUT leaves: from here on "canceled" needs the server's word.
    const entry = await journal.update(id, () => ({ tried: true }));
    if (entry === undefined) return;
    const status = await api.submit(entry, signal);
    // Before the entry is closed, so that a lost answer repeats both; "has already ended" is as good.
    const { cancel } = (await journal.get(id)) ?? entry;
    if (cancel) await api.cancel(id, signal).catch(unlessEnded);
    // The server keeps the payload from here on.
    await journal.update(id, () => ({ state: "accepted", payload: null }));
    book.applyStatus(status);
  }

  async #refuse(id: string, problem: Problem): Promise<void> {
    const entry = await this.#parts.journal.update(id, () => ({ state: "refused", problem }));
    for (const upload of entry?.uploads ?? []) await this.#parts.shelf.remove(upload.id);
    this.#phase(id, { at: "refused", problem });
  }

  #phase(id: string, phase: Phase): void {
    // A request that was dismissed meanwhile does not come back.
    this.#parts.book.update(id, (view) => (view.status === undefined && view.phase.at !== "not-found" ? { ...view, phase } : view));
  }
}

function unlessEnded(error: unknown): void {
  if (!(error instanceof ProblemError && error.problem.status === 409)) throw error;
}
