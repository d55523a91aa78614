import { ProblemError, UnreachableError } from "../errors.js";
import type { JournalEntry } from "../journal/journal.js";
import { deadline } from "../pause.js";
import { type Answer, json, milliseconds, nextLink, problemFrom } from "./answer.js";
import { Cookies } from "./cookies.js";
import { type SendFile, sendFileByFetch, sendFileByXhr } from "./upload.js";
import type { Credentials, EventsPage, Identity, Pairing, StatusDocument } from "../wire.js";

export interface ApiOptions {
  /** Where the server is; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly sendFile: SendFile;
  /** A bearer token, for callers without a cookie; asked before each call, so that it may be a fresh one. */
  readonly token?: Token | undefined;
}

export type Token = () => string | undefined | Promise<string | undefined>;

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
/** Results are read on slow lines too. */
const resultWithinMs = 5 * 60_000;

/** The HTTP profile as methods. Every call has a deadline; refusals are ProblemError, silence is UnreachableError. */
export class Api {
  readonly #options: ApiOptions;
  /** Browsers keep cookies themselves, and let nobody see them. */
  readonly #cookies = typeof document === "undefined" ? new Cookies() : undefined;
  #identity: Promise<Identity> | undefined;

  constructor(options: Partial<ApiOptions> = {}) {
    const sendFile = typeof XMLHttpRequest === "undefined" ? sendFileByFetch : sendFileByXhr;
    // The wrapper keeps `fetch` bound to the window, which it insists on.
    const defaults: ApiOptions = { baseUrl: "", fetch: (input, init) => fetch(input, init), sendFile };
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
    return json(await this.#call("POST", "/me/pairing", { signal }));
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
    return json(await this.#call("PUT", `/requests/${entry.id}`, { body, headers: { traceparent: entry.traceparent }, signal }));
  }

  async read(id: string, signal?: AbortSignal): Promise<StatusDocument> {
    return json(await this.#call("GET", `/requests/${id}`, { signal }));
  }

  /** Waits at the server until the version is another one; undefined when it stayed the same for that long. */
  async readAfter(id: string, version: number, waitSeconds: number, signal?: AbortSignal): Promise<StatusDocument | undefined> {
    const headers = { "If-None-Match": `W/"${version}"`, Prefer: `wait=${waitSeconds}` };
    const answer = await this.#call("GET", `/requests/${id}`, { headers, signal, timeoutMs: waitSeconds * 1000 + answerWithinMs });
    return answer.status === 304 ? undefined : json(answer);
  }

  async list(limit: number, signal?: AbortSignal, next?: string): Promise<RequestsPage> {
    const answer = await this.#call("GET", next ?? `/requests?limit=${limit}`, { signal });
    const { requests } = json<{ requests: readonly StatusDocument[] }>(answer);
    return { requests, next: nextLink(answer.headers.get("Link")) };
  }

  /** A result too large for the document. */
  async result(url: string, signal?: AbortSignal): Promise<unknown> {
    return json(await this.#call("GET", url, { signal, timeoutMs: resultWithinMs }));
  }

  async events(id: string, after: number, signal?: AbortSignal): Promise<EventsPage> {
    return json(await this.#call("GET", `/requests/${id}/events?after=${after}`, { signal }));
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
    await this.#asSomebody(async () => {
      const { status, text, retryAfter } = await this.#options.sendFile(this.url(`/files/${id}`), bytes, await this.headers(), onProgress, signal);
      if (status < 200 || status > 299) throw new ProblemError(problemFrom(status, text), milliseconds(retryAfter));
    });
  }

  /** An answer that goes on until `signal` aborts or the connection is lost. */
  async stream(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return await this.#asSomebody(async () => {
      const response = await this.#fetch("GET", path, { headers, signal });
      if (!response.ok) throw new ProblemError(problemFrom(response.status, await response.text()), undefined);
      if (response.body === null) throw new UnreachableError("The stream is empty.");
      return response.body;
    });
  }

  /** What says who is calling, where the browser does not. */
  async headers(): Promise<Record<string, string>> {
    const token = await this.#options.token?.();
    return { ...this.#cookies?.headers(), ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) };
  }

  async #become(path: string, body: unknown): Promise<Identity> {
    // A guest's cookie that is still on its way would take the place of the new one. Asked once: a 401 here is about what was typed.
    await this.identify();
    const identity = json<Identity>(await this.#ask("POST", path, { body }));
    this.#identity = Promise.resolve(identity);
    return identity;
  }

  async #call(method: string, path: string, call: Call): Promise<Answer> {
    return await this.#asSomebody(() => this.#ask(method, path, call));
  }

  async #asSomebody<T>(act: () => Promise<T>): Promise<T> {
    const identity = this.identify();
    await identity;
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.status === 401) || this.#options.token !== undefined) throw error;
      // The cookie ran out or was cleared: asking who we are mints another.
      if (this.#identity === identity) this.#identity = undefined;
      await this.identify();
      return await act();
    }
  }

  async #ask(method: string, path: string, call: Call): Promise<Answer> {
    const limit = deadline(call.timeoutMs ?? answerWithinMs, call.signal);
    try {
      const response = await this.#fetch(method, path, { ...call, signal: limit.signal });
      const { status, headers } = response;
      const text = await response.text();
      if (response.ok || status === 304) return { status, headers, text };
      throw new ProblemError(problemFrom(status, text), milliseconds(headers.get("Retry-After")));
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (call.signal?.aborted) throw new DOMException("Stopped.", "AbortError");
      throw new UnreachableError("The server did not answer.", { cause: error });
    } finally {
      limit.dispose();
    }
  }

  async #fetch(method: string, path: string, { body, headers, signal }: Call): Promise<Response> {
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const init: RequestInit = { method, cache: "no-store", headers: { ...headers, ...type, ...(await this.headers()) } };
    if (signal !== undefined) init.signal = signal;
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await this.#options.fetch(this.url(path), init);
    this.#cookies?.take(response.headers);
    return response;
  }
}
