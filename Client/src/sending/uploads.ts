import { UnreachableError } from "../errors.js";
import type { Api } from "../http/api.js";
import type { Journal, JournalEntry, JournalUpload } from "../journal/journal.js";
import type { FileShelf } from "../journal/shelf.js";
import { Turns } from "./turns.js";

export interface UploadsParts {
  readonly api: Api;
  readonly journal: Journal;
  readonly shelf: FileShelf;
}

/** The files of requests that are not sent yet: their bytes, for as long as those are needed, and the way to the server. */
export class Uploads {
  readonly #parts: UploadsParts;
  /** Bytes this page holds itself: the shelf may have refused them. */
  readonly #bytes = new Map<string, Blob>();
  /** Apart from the turns of what has no file, which an upload of minutes must not hold up. */
  readonly #turns = new Turns(2);

  constructor(parts: UploadsParts) {
    this.#parts = parts;
  }

  /** False when the next page will not have it: it is kept for as long as this one lives. */
  async keep(id: string, file: Blob): Promise<boolean> {
    this.#bytes.set(id, file);
    return await this.#parts.shelf.put(id, file);
  }

  async forget(uploads: readonly { readonly id: string }[] = []): Promise<void> {
    for (const { id } of uploads) {
      this.#bytes.delete(id);
      await this.#parts.shelf.remove(id);
    }
  }

  /** The first one still to be uploaded whose bytes are gone: only the person can bring it again. */
  async lost(entry: JournalEntry): Promise<JournalUpload | undefined> {
    for (const upload of open(entry)) if ((await this.#bytesOf(upload.id)) === undefined) return upload;
    return undefined;
  }

  /** Uploads what is not there yet, and writes down what has arrived. */
  async bring(entry: JournalEntry, onProgress: (sent: number, total: number) => void, signal: AbortSignal): Promise<void> {
    const uploads = open(entry);
    const total = uploads.reduce((sum, { size }) => sum + size, 0);
    if (uploads.length > 0) onProgress(0, total);
    let before = 0;
    for (const upload of uploads) {
      await this.#turns.take(signal, () => this.#bringOne(entry, upload, (sent) => onProgress(Math.min(before + sent, total), total), signal));
      before += upload.size;
    }
  }

  async #bringOne(entry: JournalEntry, { id, name }: JournalUpload, onProgress: (sent: number) => void, signal: AbortSignal): Promise<void> {
    const { api, journal } = this.#parts;
    const bytes = await this.#bytesOf(id);
    // The next try finds it lost.
    if (bytes === undefined) throw new UnreachableError("The upload was cut off.");
    try {
      await api.upload({ id, name }, bytes, onProgress, signal, entry.owner);
    } catch (error) {
      // Changed or removed since it was chosen: what this looks like is a connection that is cut off, again and again.
      await bytes.slice(0, 1).arrayBuffer().catch(() => this.#bytes.delete(id));
      throw error;
    }
    await journal.update(entry.id, ({ uploads }) => ({ uploads: uploads.map((upload) => (upload.id === id ? { ...upload, done: true } : upload)) }));
    await this.forget([{ id }]);
  }

  async #bytesOf(id: string): Promise<Blob | undefined> {
    return this.#bytes.get(id) ?? (await this.#parts.shelf.get(id));
  }
}

function open({ uploads }: JournalEntry): readonly JournalUpload[] {
  return uploads.filter(({ done }) => !done);
}
