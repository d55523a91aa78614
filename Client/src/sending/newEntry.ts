import type { JournalEntry, JournalUpload } from "../journal/journal.js";
import type { SubmitOptions } from "../options.js";
import { newTraceparent } from "../traceparent.js";
import { uuidV7 } from "../uuid.js";

export interface NewUpload {
  readonly id: string;
  readonly file: File;
}

/** A request as it is written down before anything leaves: with its id, the ids of its files, and the trace that begins with it. */
export function newEntry(kind: string, payload: Readonly<Record<string, unknown>>, options: SubmitOptions): { entry: JournalEntry; uploads: readonly NewUpload[] } {
  const { files = {}, label, deadline } = options;
  const uploads = Object.entries(files).map(([field, file]) => ({ id: uuidV7(), field, file }));
  const fields = Object.fromEntries(uploads.map(({ field, id }) => [field, id]));
  const entry: JournalEntry = {
    id: uuidV7(),
    kind,
    // As it will be sent: what JSON cannot say is refused here, not when it is too late to tell.
    payload: JSON.parse(JSON.stringify({ ...payload, ...fields })) as unknown,
    ...(label === undefined ? {} : { label }),
    ...(deadline === undefined ? {} : { deadline }),
    createdAt: new Date().toISOString(),
    traceparent: newTraceparent(),
    uploads: uploads.map(({ id, file }) => ({ id, name: file.name, size: file.size, done: false })),
    state: "open",
    tried: false,
  };
  return { entry, uploads };
}

/** The same request with another file in the place of one that was lost, in its payload too. */
export function withOtherFile(entry: JournalEntry, lost: JournalUpload, other: JournalUpload): Pick<JournalEntry, "uploads" | "payload"> {
  const payload = Object.entries(entry.payload as object).map(([field, value]) => [field, value === lost.id ? other.id : value] as const);
  return { uploads: entry.uploads.map((upload) => (upload.id === lost.id ? other : upload)), payload: Object.fromEntries(payload) };
}
