import { UnreachableError } from "../errors.js";
import type { Problem } from "../wire.js";

/** A whole answer: its body has arrived within the deadline too. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export function json<T>({ text }: Pick<Answer, "text">): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new UnreachableError("The answer was cut off.", { cause });
  }
}

/** An answer that is no problem document comes from something in between; it still needs a title. */
export function problemFrom(status: number, text: string): Problem {
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    if (typeof problem.title === "string") return { ...problem, title: problem.title, status };
  } catch {
    // Not JSON: the text is a page for people, not for us.
  }
  return { title: `The server answered ${status}.`, status };
}

/** A timer of more than 24 days would fire at once. */
const longestMs = 24 * 60 * 60 * 1000;

/** What Retry-After asks for: seconds from our server, a date from a proxy at times. */
export function milliseconds(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined;
  const seconds = Number(retryAfter);
  const asked = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : seconds * 1000;
  return Number.isNaN(asked) ? undefined : Math.min(Math.max(asked, 0), longestMs);
}

export function nextLink(link: string | null): string | undefined {
  const target = link?.match(/<([^>]+)>\s*;\s*rel="?next"?/)?.[1];
  if (target === undefined) return undefined;
  // Only the query counts: behind a proxy the server may not know its own name, and `baseUrl` has the prefix of its routes already.
  return `/requests${new URL(target, "http://any").search}`;
}
