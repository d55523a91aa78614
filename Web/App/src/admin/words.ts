import type { RequestView, StatusDocument } from "aspire-feedback";
import { type Tone, type Words, wordsFor } from "../words.js";
import type { WorkOutcome } from "./wire.js";

/** The owner's words, at any moment: they are what the owner read then. */
export function wordsAt(status: StatusDocument, now: number): Words {
  const view: RequestView = {
    ...{ id: status.id, kind: status.kind, label: undefined, createdAt: status.createdAt, cancelAsked: false, events: [] },
    ...{ phase: { at: "accepted" }, status },
  };
  return wordsFor(view, now);
}

export const toneOf: Record<WorkOutcome, Tone> = {
  Waiting: "quiet",
  Running: "busy",
  Stalled: "held",
  Forwarded: "good",
  Asked: "held",
  Superseded: "ended",
  Succeeded: "good",
  Failed: "bad",
  Canceled: "ended",
};

export const outcomeWords: Record<WorkOutcome, string> = {
  Waiting: "waits for a worker",
  Running: "runs",
  Stalled: "the worker went quiet",
  Forwarded: "handed on",
  Asked: "asked a question",
  Superseded: "replaced",
  Succeeded: "succeeded",
  Failed: "failed",
  Canceled: "canceled",
};

/** Enough to tell ids apart at a glance: those of version 7 differ at their ends. */
export function shortId(id: string): string {
  return `…${id.slice(-12)}`;
}
