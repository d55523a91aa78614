import type { Problem } from "../wire.js";

export interface JournalUpload {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly done: boolean;
  /** False: too large for the shelf, or it was full, so the bytes go with the page. */
  readonly kept?: boolean;
}

/** What this device knows of a request before, and independent of, any answer. */
export interface JournalEntry {
  readonly id: string;
  readonly kind: string;
  readonly payload: unknown;
  readonly label?: string;
  readonly deadline?: string;
  readonly createdAt: string;
  readonly traceparent: string;
  readonly uploads: readonly JournalUpload[];
  readonly state: "open" | "accepted" | "refused";
  /** A PUT may have reached the server, even though no answer is known. */
  readonly tried: boolean;
  /** Cancel as soon as it is known to be accepted. */
  readonly cancel?: boolean;
  readonly problem?: Problem;
  /** The server forgets the request after this time, so this record goes first. */
  readonly expiresAt?: string;
  /** The one who alone sees and sends it; absent while it goes with whoever this browser is. */
  readonly owner?: string | undefined;
}

/** Where entries live. One write is one entry, so tabs never overwrite each other's. */
export interface Journal {
  all(): Promise<readonly JournalEntry[]>;
  get(id: string): Promise<JournalEntry | undefined>;
  /** Rejects with JournalError when it could not be written. */
  put(entry: JournalEntry): Promise<void>;
  /** Changes one entry as it is now, in one step; undefined when it is gone. A change of undefined leaves it as it is. */
  update(id: string, change: (entry: JournalEntry) => Partial<JournalEntry> | undefined): Promise<JournalEntry | undefined>;
  remove(id: string): Promise<void>;
  /** Tells of entries that another tab wrote or removed. */
  subscribe(listener: (id: string) => void): () => void;
}
