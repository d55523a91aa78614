import { ProblemError, UnreachableError } from "../errors.js";
import type { JournalEntry } from "../journal/journal.js";
import { deadline } from "../pause.js";
import { type SendFile, sendFileByXhr } from "./upload.js";
import type { Credentials, EventsPage, Identity, Pairing, Problem, StatusDocument } from "../wire.js";

export interface ApiOptions {
  /** Where the server is; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly sendFile: SendFile;
  /** A bearer token, for callers without a cookie. */
  readonly token?: (() => string | undefined) | undefined;
}

interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

export interface RequestsPage {
  readonly requests: readonly StatusDocument[];
  readonly next: string | undefined;
}

const answerWithinMs = 30_000;

/** The HTTP profile as methods. Every call has a deadline; refusals are ProblemError, silence is UnreachableError. */
export class Api {
  readonly #options: ApiOptions;
  #identity: Promise<Identity> | undefined;

  constructor(options: Partial<ApiOptions> = {}) {
    // The wrapper keeps `fetch` bound to the window, which it insists on.
    const defaults: ApiOptions = { baseUrl: "", fetch: (input, init) => fetch(input, init), sendFile: sendFileByXhr };
    this.#options = { ...defaults, ...options };
  }

  url(path: string): string {
    return this.#options.baseUrl + path;
  }

  /**
   * Who the server takes us for. Every other call waits for the first answer: calls side by side without a cookie
   * would each be made a guest of their own, and only one of them could be found again.
   */
  identify(): Promise<Identity> {
    this.#identity ??= this.#ask("GET", "/me", {}).then(json<Identity>).catch((error: unknown) => {
      this.#identity = undefined;
      throw error;
    });
    return this.#identity;
  }

  /** Lets another device become the same owner. */
  async openPairing(signal?: AbortSignal): Promise<Pairing> {
    return await json(await this.#call("POST", "/me/pairing", { signal }));
  }

  /** This browser becomes who opened the code; what it has as a guest goes along only if `carryOver` says so. */
  async pair(code: string, carryOver: boolean): Promise<Identity> {
    return await this.#become("/me/pair", { code, carryOver });
  }

  async signUp(credentials: Credentials): Promise<Identity> {
    return await this.#become("/me/sign-up", credentials);
  }

  async signIn(credentials: Credentials): Promise<Identity> {
    return await this.#become("/me/sign-in", credentials);
  }

  async signOut(): Promise<void> {
    await this.#ask("POST", "/me/sign-out", {});
    this.#identity = undefined;
  }

  async submit(entry: JournalEntry, signal?: AbortSignal): Promise<StatusDocument> {
    const { kind, payload, deadline: until } = entry;
    const body = until === undefined ? { kind, payload } : { kind, payload, deadline: until };
    return await json(await this.#call("PUT", `/requests/${entry.id}`, { body, headers: { traceparent: entry.traceparent }, signal }));
  }

  async read(id: string, signal?: AbortSignal): Promise<StatusDocument> {
    return await json(await this.#call("GET", `/requests/${id}`, { signal }));
  }

  /** Waits at the server until the version is another one; undefined when it stayed the same for that long. */
  async readAfter(id: string, version: number, waitSeconds: number, signal?: AbortSignal): Promise<StatusDocument | undefined> {
    const headers = { "If-None-Match": `W/"${version}"`, Prefer: `wait=${waitSeconds}` };
    const response = await this.#call("GET", `/requests/${id}`, { headers, signal, timeoutMs: waitSeconds * 1000 + answerWithinMs });
    return response.status === 304 ? undefined : await json(response);
  }

  async list(limit: number, signal?: AbortSignal, next?: string): Promise<RequestsPage> {
    const response = await this.#call("GET", next ?? `/requests?limit=${limit}`, { signal });
    const { requests } = await json<{ requests: readonly StatusDocument[] }>(response);
    return { requests, next: nextLink(response.headers.get("Link")) };
  }

  /** A result too large for the document. */
  async result(url: string, signal?: AbortSignal): Promise<unknown> {
    return await json(await this.#call("GET", url, { signal }));
  }

  async events(id: string, after: number, signal?: AbortSignal): Promise<EventsPage> {
    return await json(await this.#call("GET", `/requests/${id}/events?after=${after}`, { signal }));
  }

  async cancel(id: string, signal?: AbortSignal): Promise<void> {
    await this.#call("DELETE", `/requests/${id}`, { signal });
  }

  async retry(id: string, version: number | undefined, signal?: AbortSignal): Promise<void> {
    await this.#call("POST", `/requests/${id}/retry`, { body: version === undefined ? {} : { version }, signal });
  }

  async answer(id: string, key: string, answer: unknown, signal?: AbortSignal): Promise<void> {
    await this.#call("POST", `/requests/${id}/input`, { body: { key, answer }, signal });
  }

  async upload(id: string, bytes: Blob, onProgress: (sent: number) => void, signal: AbortSignal): Promise<void> {
    await this.identify();
    const { status, text, retryAfter } = await this.#options.sendFile(this.url(`/files/${id}`), bytes, this.#authorization(), onProgress, signal);
    if (status < 200 || status > 299) throw new ProblemError(problemFrom(status, text), seconds(retryAfter));
  }

  #authorization(): Record<string, string> {
    const token = this.#options.token?.();
    return token === undefined ? {} : { Authorization: `Bearer ${token}` };
  }

  async #become(path: string, body: unknown): Promise<Identity> {
    // A guest's cookie that is still on its way would take the place of the new one. Asked once: a 401 here is about what was typed.
    await this.identify();
    const identity = await json<Identity>(await this.#ask("POST", path, { body }));
    this.#identity = Promise.resolve(identity);
    return identity;
  }

  async #call(method: string, path: string, call: Call): Promise<Response> {
    const identity = this.identify();
    await identity;
    try {
      return await this.#ask(method, path, call);
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.status === 401) || this.#options.token !== undefined) throw error;
      // The cookie ran out or was cleared: asking who we are mints another.
      if (this.#identity === identity) this.#identity = undefined;
      await this.identify();
      return await this.#ask(method, path, call);
    }
  }

  async #ask(method: string, path: string, { body, headers, signal, timeoutMs = answerWithinMs }: Call): Promise<Response> {
    const limit = deadline(timeoutMs, signal);
    try {
      const init: RequestInit = { method, signal: limit.signal, cache: "no-store", headers: { ...headers, ...this.#authorization() } };
      if (body !== undefined) {
        init.body = JSON.stringify(body);
        init.headers = { ...init.headers, "Content-Type": "application/json" };
      }
      const response = await this.#options.fetch(this.url(path), init);
      if (response.ok || response.status === 304) return response;
      throw new ProblemError(problemFrom(response.status, await response.text()), seconds(response.headers.get("Retry-After")));
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (signal?.aborted) throw new DOMException("Stopped.", "AbortError");
      throw new UnreachableError("The server did not answer.", { cause: error });
    } finally {
      limit.dispose();
    }
  }
}

async function json<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T;
  } catch (cause) {
    throw new UnreachableError("The answer was cut off.", { cause });
  }
}

/** An answer that is no problem document comes from something in between; it still needs a title. */
function problemFrom(status: number, text: string): Problem {
  try {
    const problem = JSON.parse(text) as Partial<Problem>;
    if (typeof problem.title === "string") return { ...problem, title: problem.title, status };
  } catch {
    // Not JSON: the text is a page for people, not for us.
  }
  return { title: `The server answered ${status}.`, status };
}

function seconds(retryAfter: string | null): number | undefined {
  const value = Number(retryAfter);
  return retryAfter !== null && Number.isFinite(value) ? value * 1000 : undefined;
}

function nextLink(link: string | null): string | undefined {
  const target = link?.match(/<([^>]+)>\s*;\s*rel="?next"?/)?.[1];
  if (target === undefined) return undefined;
  // Only the query counts: behind a proxy the server may not know its own name, and `baseUrl` has the prefix of its routes already.
  return `/requests${new URL(target, "http://any").search}`;
}
