import type { Background } from "../background.js";
import type { Follower } from "../following/follower.js";
import type { Api } from "../http/api.js";
import type { JournalEntry } from "../journal/journal.js";
import type { OwnJournal } from "../journal/ownJournal.js";
import type { FileShelf } from "../journal/shelf.js";
import { known, pause } from "../pause.js";
import type { RequestBook } from "../requests/requestBook.js";
import { withEntry } from "../requests/view.js";
import type { Sender } from "./sender.js";
import type { Uploads } from "./uploads.js";

export interface OutboxParts {
  readonly api: Api;
  readonly journal: OwnJournal;
  readonly shelf: FileShelf;
  readonly book: RequestBook;
  readonly sender: Sender;
  readonly uploads: Uploads;
  readonly follower: Follower;
  readonly background: Background;
}

const stepInMs = 1000;

/** What is written down on this device: brought to the server by this tab, or by another one as long as that lives. */
export class Outbox {
  readonly #parts: OutboxParts;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Goes on with what earlier pages left: at once with what is bound to nobody, with the rest when it is known who is here. */
  async start(signal: AbortSignal): Promise<void> {
    const { api, journal, shelf } = this.#parts;
    for (const entry of await journal.all()) this.adopt(entry);
    const isNews = api.identity.get() === undefined;
    await known(api.identity, signal);
    if (isNews) for (const entry of await journal.all()) this.adopt(entry);
    await journal.settle();
    await shelf.removeOrphans(await journal.files(), Date.now());
  }

  /** Tells of what other tabs write, until the returned function is called. */
  follow(): () => void {
    return this.#parts.journal.subscribe((id) => this.#parts.background.start((signal) => this.#changed(id, signal)));
  }

  adopt(entry: JournalEntry): void {
    const { background, book } = this.#parts;
    book.update(entry.id, (view) => withEntry(view, entry));
    if (entry.state === "open") background.start((signal) => this.#deliver(entry.id, signal));
  }

  /** Forgets what was never accepted. */
  async discard(id: string): Promise<void> {
    const { book, journal, sender, uploads } = this.#parts;
    const entry = await journal.get(id);
    sender.stop(id);
    await journal.remove(id);
    await uploads.forget(entry?.uploads);
    if (book.view(id)?.status === undefined) book.forget(id);
  }

  async #deliver(id: string, signal: AbortSignal): Promise<void> {
    const { book, follower, journal, sender } = this.#parts;
    await sender.deliver(id, signal);
    const entry = await journal.get(id);
    // Gone, or another one's by now: there is nothing to be seen of it here.
    if (entry === undefined && !signal.aborted && book.view(id)?.status === undefined) book.forget(id);
    // Another tab may have brought it in, and its push may have come before this tab listened.
    if (entry?.state === "accepted" && book.view(id)?.status === undefined) await follower.read(id, signal);
  }

  async #changed(id: string, signal: AbortSignal): Promise<void> {
    const { book, journal, sender } = this.#parts;
    const entry = await journal.get(id);
    if (entry !== undefined) {
      book.update(id, (view) => withEntry(view, entry));
      // The tab that wrote it sends it, and shows how far the upload is; this one only steps in when that tab goes.
      await pause(stepInMs, signal);
      if (entry.state === "open") await this.#deliver(id, signal);
      return;
    }
    sender.stop(id);
    if (book.view(id)?.status === undefined) book.forget(id);
  }
}
