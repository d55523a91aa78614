import type { Problem, RequestEvent, StatusDocument } from "aspire-feedback";

/** The shapes under /admin, as docs/http.md writes them. */

export interface OwnedDocument extends StatusDocument {
  readonly owner: string;
}

export type WorkOutcome = "Waiting" | "Running" | "Stalled" | "Forwarded" | "Asked" | "Superseded" | "Succeeded" | "Failed" | "Canceled";

export interface RunSpan {
  readonly hop: number;
  readonly endpoint: string;
  readonly run: string;
  readonly worker?: string;
  readonly redelivered: boolean;
  readonly dueAt: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly outcome: WorkOutcome;
  readonly waitedMs: number;
  readonly tookMs?: number;
}

export interface AttemptSpan {
  readonly number: number;
  readonly dueAt: string;
  readonly endedAt?: string;
  readonly outcome: WorkOutcome;
  readonly error?: Problem;
  readonly runs: readonly RunSpan[];
  readonly waitedMs?: number;
  readonly tookMs?: number;
}

export interface AdminDocument extends OwnedDocument {
  readonly submittedBy?: string;
  readonly payload?: unknown;
  readonly files?: readonly string[];
  readonly attempts: readonly AttemptSpan[];
  readonly attemptsUpTo?: number;
  readonly traceUrl?: string;
}

export interface FoundPage {
  readonly requests: readonly OwnedDocument[];
  readonly next?: string;
  readonly lookedBackTo?: string;
}

export interface StateAt {
  readonly version: number;
  readonly at: string;
  readonly event: string;
  readonly request: OwnedDocument;
  readonly state: Readonly<Record<string, unknown>>;
}

export interface StoredEvents {
  readonly events: readonly RequestEvent[];
  readonly version: number;
  readonly more: boolean;
}
