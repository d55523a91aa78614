import type { Problem } from "./wire.js";

/** The server answered, and the answer is a refusal. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(
    readonly problem: Problem,
    readonly retryAfterMs: number | undefined,
  ) {
    super(problem.detail ?? problem.title);
  }
}

/** No answer came, so nobody knows whether the server has acted. Repeating the same call is safe. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** The journal could not be written (private mode, quota). Nothing has been sent. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

/** 408, 429 and 5xx say "not now"; any other refusal stays a refusal however often it is asked. */
export function isWorthRepeating(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.problem.status >= 500 || [401, 408, 425, 429].includes(error.problem.status));
}

export function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
