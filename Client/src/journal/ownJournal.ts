import { ProblemError } from "../errors.js";
import type { Readable } from "../store.js";
import type { Identity } from "../wire.js";
import type { Journal, JournalEntry } from "./journal.js";

/** Longer than any deadline and the time that the server keeps what has ended: nobody asks for such an entry any more. */
const forgottenAfterMs = 200 * 24 * 60 * 60 * 1000;

/**
 * The entries of who is here. A user's are bound to the user: somebody else neither sees nor sends them. A guest's are bound to nobody and go
 * with whoever this browser becomes, as on the server what a guest has does; so do those made before the server has said who is here.
 */
export class OwnJournal implements Journal {
  readonly #journal: Journal;
  readonly #identity: Readable<Identity | undefined>;

  constructor(journal: Journal, identity: Readable<Identity | undefined>) {
    this.#journal = journal;
    this.#identity = identity;
  }

  async all(): Promise<readonly JournalEntry[]> {
    const entries = await this.#journal.all();
    return entries.filter((entry) => this.#isOurs(entry) && !this.#isForgotten(entry)).map((entry) => this.#bound(entry));
  }

  async get(id: string): Promise<JournalEntry | undefined> {
    const entry = await this.#journal.get(id);
    return entry && this.#isOurs(entry) ? this.#bound(entry) : undefined;
  }

  async put(entry: JournalEntry): Promise<void> {
    await this.#journal.put(this.#bound(entry));
  }

  async update(id: string, change: (entry: JournalEntry) => Partial<JournalEntry> | undefined): Promise<JournalEntry | undefined> {
    let isOurs = false;
    const updated = await this.#journal.update(id, (entry) => {
      isOurs = this.#isOurs(entry);
      const changes = isOurs ? change(this.#bound(entry)) : undefined;
      return changes && { ...this.#binding(entry), ...changes };
    });
    return isOurs ? updated : undefined;
  }

  async remove(id: string): Promise<void> {
    if ((await this.get(id)) !== undefined) await this.#journal.remove(id);
  }

  subscribe(listener: (id: string) => void): () => void {
    return this.#journal.subscribe(listener);
  }

  /** Writes down what follows from who is here: binds what is bound to nobody to a user, and drops what nobody asks for any more. */
  async settle(): Promise<void> {
    const me = this.#identity.get();
    for (const entry of await this.#journal.all()) {
      if (this.#isForgotten(entry)) await this.#journal.remove(entry.id);
      else if (me?.kind === "user" && entry.owner === undefined) await this.#rebind(entry.id, undefined, me.id);
      // Kept back from a change that did not come about.
      else if (me?.kind === "guest" && entry.owner === me.id) await this.#rebind(entry.id, me.id, undefined);
    }
  }

  /** Binds a guest's entries to the guest: they do not go along when `become` makes this browser somebody else. */
  async keepBackFrom<T>(become: () => Promise<T>): Promise<T> {
    const me = this.#identity.get();
    // Before, so that nothing leaves as the other one in between.
    for (const entry of await this.#journal.all()) if (entry.owner === undefined) await this.#rebind(entry.id, undefined, me?.id);
    try {
      return await become();
    } catch (error) {
      // Without an answer nobody knows who this browser is: the next page finds out.
      if (error instanceof ProblemError) await this.settle();
      throw error;
    }
  }

  /** The files that entries name, whoever's they are. */
  async files(): Promise<ReadonlySet<string>> {
    return new Set((await this.#journal.all()).flatMap(({ uploads }) => uploads.map(({ id }) => id)));
  }

  async #rebind(id: string, from: string | undefined, to: string | undefined): Promise<void> {
    await this.#journal.update(id, ({ owner }) => (owner === from ? { owner: to } : undefined));
  }

  #isOurs({ owner }: JournalEntry): boolean {
    return owner === undefined || owner === this.#identity.get()?.id;
  }

  #bound(entry: JournalEntry): JournalEntry {
    return { ...entry, ...this.#binding(entry) };
  }

  #binding({ owner }: JournalEntry): Partial<JournalEntry> {
    const me = this.#identity.get();
    return owner === undefined && me?.kind === "user" ? { owner: me.id } : {};
  }

  /** What has still to be sent from here is never too old, unless it waits for somebody who has not come back. */
  #isForgotten(entry: JournalEntry): boolean {
    const { createdAt, expiresAt, state } = entry;
    if (expiresAt !== undefined) return Date.parse(expiresAt) <= Date.now();
    return (state !== "open" || !this.#isOurs(entry)) && Date.parse(createdAt) + forgottenAfterMs <= Date.now();
  }
}
