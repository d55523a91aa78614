import type { Api } from "../http/api.js";
import { backoffDelay } from "../backoff.js";
import { isAborted, isWorthRepeating, JournalError, ProblemError, SomebodyElseError } from "../errors.js";
import type { Exclusive } from "./exclusive.js";
import { Turns } from "./turns.js";
import type { Uploads } from "./uploads.js";
import type { Journal, JournalEntry } from "../journal/journal.js";
import { linked, pause } from "../pause.js";
import type { RequestBook } from "../requests/requestBook.js";
import type { Phase } from "../requests/view.js";
import type { Problem } from "../wire.js";

export interface SenderParts {
  readonly api: Api;
  readonly journal: Journal;
  readonly uploads: Uploads;
  readonly book: RequestBook;
  readonly exclusive: Exclusive;
  readonly random: () => number;
  /** Fires "nudge" when the network may be back: waiting ends early. */
  readonly nudge: EventTarget;
  readonly onError: (error: unknown) => void;
}

interface Delivery {
  readonly life: AbortController;
  readonly ended: Promise<unknown>;
}

/**
 * Brings every open journal entry to the server: uploads its files, then repeats one PUT with one id until there is an answer.
 * It may be interrupted anywhere; whoever starts next goes on, since the same bytes and the same PUT again change nothing.
 */
export class Sender {
  readonly #parts: SenderParts;
  readonly #running = new Map<string, Delivery>();
  /** A browser lets six calls to a server leave at a time, and the seventh uses up its time waiting here: with two uploads, one is left for reading. */
  readonly #turns = new Turns(3);

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  stop(id: string): void {
    this.#running.get(id)?.life.abort();
  }

  /** Resolves when the entry is accepted or refused, or the sender is stopped; a second call for the same entry is no second sender. */
  async deliver(id: string, signal: AbortSignal): Promise<void> {
    for (let earlier = this.#running.get(id); earlier !== undefined; earlier = this.#running.get(id)) {
      if (!earlier.life.signal.aborted) return;
      // Stopped, and not out of the way yet: this one goes on where that one ends.
      await earlier.ended;
    }
    if (signal.aborted) return;
    const life = linked(signal);
    const delivery = this.#exclusively(id, life.signal).finally(() => {
      this.#running.delete(id);
      life.abort();
    });
    this.#running.set(id, { life, ended: delivery.catch(() => undefined) });
    await delivery;
  }

  async #exclusively(id: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.exclusive(
        `aspire-feedback/send/${id}`,
        signal,
        () => this.#repeat(id, signal),
        () => this.#phase(id, { at: "elsewhere" }),
      );
    } catch (error) {
      if (!isAborted(error)) throw error;
    }
  }

  async #repeat(id: string, signal: AbortSignal): Promise<void> {
    const { nudge, onError, random } = this.#parts;
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await this.#try(id, signal);
      } catch (error) {
        // It waits in the journal for its owner.
        if (error instanceof SomebodyElseError) return;
        const refusal = error instanceof ProblemError ? error : undefined;
        const isJournals = error instanceof JournalError;
        if (!isJournals && !isWorthRepeating(error)) {
          if (refusal === undefined) throw error;
          return await this.#refuse(id, refusal.problem);
        }
        const delay = backoffDelay(attempt, random(), undefined, refusal?.retryAfterMs);
        const isBusy = (refusal?.problem.type ?? refusal?.retryAfterMs) !== undefined;
        if (!isJournals) this.#phase(id, { at: "waiting", retryAt: Date.now() + delay, reason: isBusy ? "busy" : "unreachable" });
        else if (attempt === 0) onError(error);
        // A network that came back ends a wait for the network, not one the server asked for.
        await pause(delay, signal, isBusy ? undefined : nudge);
      }
    }
  }

  async #try(id: string, signal: AbortSignal): Promise<void> {
    const { api, journal, uploads } = this.#parts;
    const found = await journal.get(id);
    if (found?.state !== "open") return;
    if (isWithdrawn(found)) return await this.#drop(found);
    const lost = await uploads.lost(found);
    if (lost !== undefined) return this.#phase(id, { at: "file-lost", name: lost.name });
    // Once it is known who is here, the journal says whether it is theirs, and it leaves as theirs or not at all.
    await api.identify(signal);
    const entry = await journal.get(id);
    if (entry?.state !== "open") return;
    await uploads.bring(entry, (sent, total) => this.#phase(id, { at: "uploading", sent, total }), signal);
    await this.#turns.take(signal, () => this.#submit(id, signal));
  }

  async #submit(id: string, signal: AbortSignal): Promise<void> {
    const { api, book, journal } = this.#parts;
    this.#phase(id, { at: "sending" });
    // Written before the PUT leaves: from here on "canceled" needs the server's word.
    const entry = await journal.update(id, (now) => (isWithdrawn(now) ? undefined : { tried: true }));
    if (entry === undefined) return;
    if (isWithdrawn(entry)) return await this.#drop(entry);
    book.applyStatus(await api.submit(entry, signal));
    // Closed only when a cancellation has been passed on, so that a lost answer repeats both. The server keeps the payload from here on.
    for (let isToldToStop = false; ; isToldToStop = true) {
      const closed = await journal.update(id, ({ cancel }) => (cancel && !isToldToStop ? undefined : { state: "accepted", payload: null }));
      if (closed?.state !== "open") return;
      await api.cancel(id, signal).catch(unlessEnded);
    }
  }

  /** It was canceled before anything had left. */
  async #drop({ id, uploads }: JournalEntry): Promise<void> {
    await this.#parts.journal.remove(id);
    await this.#parts.uploads.forget(uploads);
  }

  async #refuse(id: string, problem: Problem): Promise<void> {
    this.#phase(id, { at: "refused", problem });
    const entry = await this.#parts.journal.update(id, () => ({ state: "refused", problem }));
    await this.#parts.uploads.forget(entry?.uploads);
  }

  #phase(id: string, phase: Phase): void {
    // A request that was dismissed meanwhile does not come back.
    this.#parts.book.update(id, (view) => (view.status === undefined && view.phase.at !== "not-found" ? { ...view, phase } : view));
  }
}

/** In the same step as a cancellation is written down, or "tried" is, the other one finds it: the request leaves or is gone, never both. */
function isWithdrawn({ cancel, tried }: JournalEntry): boolean {
  return cancel === true && !tried;
}

/** "Has already ended" is as good. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof ProblemError && error.problem.status === 409)) throw error;
}
