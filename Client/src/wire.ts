/** The shapes that cross the network, as the HTTP profile writes them. */

export type RequestStatus = "Pending" | "Running" | "InputRequired" | "Held" | "Succeeded" | "Failed" | "Canceled";

/** RFC 9457 problem details. `status` is 0 when no answer came at all. */
export interface Problem {
  readonly type?: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: Readonly<Record<string, readonly string[]>>;
}

export interface StatusDocument {
  readonly id: string;
  readonly kind: string;
  readonly status: RequestStatus;
  readonly done: boolean;
  readonly version: number;
  readonly createdAt: string;
  readonly lastUpdatedAt: string;
  /** What the files that were uploaded for it are called. */
  readonly fileNames?: readonly string[] | null;
  readonly percentComplete?: number | null;
  readonly message?: string | null;
  readonly attempt?: { readonly number: number; readonly of: number; readonly nextAt?: string | null } | null;
  readonly stalled?: boolean | null;
  readonly queue?: { readonly position: number; readonly etaSeconds?: number | null } | null;
  readonly input?: { readonly key: string; readonly question: string; readonly schema: unknown } | null;
  readonly cancelRequestedAt?: string | null;
  readonly deadline?: string | null;
  readonly expiresAt?: string | null;
  readonly result?: unknown;
  readonly resultUrl?: string | null;
  readonly error?: Problem | null;
  readonly traceId?: string | null;
}

export interface RequestEvent {
  readonly version: number;
  readonly type: string;
  readonly at: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** One push: the events `from + 1` to `status.version`, and the document they lead to. */
export interface Changed {
  readonly id: string;
  readonly from: number;
  readonly events: readonly RequestEvent[];
  readonly status: StatusDocument;
  readonly cursor: string;
}

export interface SyncRequest {
  readonly since: string | null;
  readonly known: Readonly<Record<string, number>>;
}

export interface SyncAnswer {
  readonly changes: readonly Changed[];
  readonly requests: readonly StatusDocument[];
  readonly cursor: string;
}

export interface EventsPage {
  readonly events: readonly RequestEvent[];
  readonly version: number;
  readonly more: boolean;
}

export interface Identity {
  readonly id: string;
  readonly kind: "guest" | "user";
  /** Of a user. */
  readonly name?: string | null;
}

/** A way for another device to become the same owner: once, and soon. */
export interface Pairing {
  readonly code: string;
  /** Leads to the page, with the code in the fragment. */
  readonly url: string;
  readonly expiresIn: number;
}

export interface Credentials {
  readonly userName: string;
  readonly password: string;
}
