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

/** The journal could not be written (private mode, quota). Nothing has been sent. */
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

/** 408, 429 and 5xx say "not now"; any other refusal stays a refusal however often it is asked. */
export function isWorthRepeating(error: unknown): boolean {
  if (error instanceof UnreachableError) return true;
  return error instanceof ProblemError && (error.problem.status >= 500 || [401, 408, 425, 429].includes(error.problem.status));
}

export function isAborted(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}
