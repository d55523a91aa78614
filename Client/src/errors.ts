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

  /** Whether it is the problem of this name, such as "id-reused": the last part of its type. */
  is(name: string): boolean {
    return this.problem.type?.split("/").at(-1) === name;
  }
}

/** No answer came, so nobody knows whether the server has acted. Repeating the same call is safe. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

/** What is kept on this device could not be read or written (a private window, no room left). What was being submitted is neither kept nor sent. */
export class JournalError extends Error {
  override readonly name = "JournalError";
}

/** There is no connection, and the file is too large to be kept on this device until there is one, or no room is left. Nothing has been sent. */
export class FileNotKeptError extends Error {
  override readonly name = "FileNotKeptError";

  constructor(
    readonly file: string,
    readonly size: number,
  ) {
    super(`You are offline, and “${file}” is too large to be kept until you are back. Try again with a connection.`);
  }
}

/** This browser is not any more who the call was to be made as. */
export class SomebodyElseError extends Error {
  override readonly name = "SomebodyElseError";
}

/** 408, 429 and 5xx say "not now", 401 and 412 "not as this person"; any other refusal stays a refusal however often it is asked. */
export function isWorthRepeating(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  if (!(error instanceof ProblemError)) return false;
  const { status, type } = error.problem;
  // Without a type it is not the server that speaks but a proxy or a login page before it, which may be gone in a minute; its limit of a body is not.
  return status >= 500 || [401, 408, 412, 425, 429].includes(status) || (type === undefined && status !== 413);
}

/** For reading an entry: in a journal that cannot be read there is none. */
export function withoutJournal(error: unknown): undefined {
  if (!(error instanceof JournalError)) throw error;
}

export function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
