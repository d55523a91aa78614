import { ProblemError, UnreachableError } from "../errors.js";
import type { JournalEntry, JournalUpload } from "../journal/journal.js";
import type { Readable } from "../store.js";
import type { Credentials, EventsPage, Identity, Pairing, StatusDocument } from "../wire.js";
import { json, milliseconds, nextLink, problemFrom } from "./answer.js";
import { Caller, type Token } from "./caller.js";
import { dispositionOf, type SendFile, sendFileByFetch, sendFileByXhr } from "./upload.js";

export interface ApiOptions {
  /** Where the server is; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly sendFile: SendFile;
  /** For callers without a cookie. */
  readonly token?: Token | undefined;
}

export interface RequestsPage {
  readonly requests: readonly StatusDocument[];
  /** Where the older ones are, while there are any. */
  readonly next: string | undefined;
}

/** On top of the time that the server was asked to wait. */
const answerWithinMs = 30_000;
/** Results are read on slow lines too. */
const resultWithinMs = 5 * 60_000;

/** The HTTP profile as methods. Every call has a deadline; refusals are ProblemError, silence is UnreachableError. */
export class Api {
  readonly #caller: Caller;
  readonly #sendFile: SendFile;

  constructor(options: Partial<ApiOptions> = {}) {
    // The wrapper keeps `fetch` bound to the window, which it insists on.
    const defaults = { baseUrl: "", fetch: (...call: Parameters<typeof fetch>) => fetch(...call) };
    this.#caller = new Caller({ ...defaults, ...options });
    this.#sendFile = options.sendFile ?? (typeof XMLHttpRequest === "undefined" ? sendFileByFetch : sendFileByXhr);
  }

  /** Who the server takes us for, as far as it has said; undefined before, and after a sign-out. */
  get identity(): Readable<Identity | undefined> {
    return this.#caller.identity;
  }

  url(path: string): string {
    return this.#caller.url(path);
  }

  /** Who the server takes us for; it makes a guest of nobody. Asked once. */
  identify(signal?: AbortSignal): Promise<Identity> {
    return this.#caller.identify(signal);
  }

  /** Lets another device become the same owner. */
  async openPairing(signal?: AbortSignal): Promise<Pairing> {
    return json(await this.#caller.call("POST", "/me/pairing", { signal }));
  }

  /** This browser becomes who opened the code; what the server has of a guest goes along only if `carryOver` says so. FeedbackClient has the same for what is still on the device. */
  async pair(code: string, carryOver: boolean, signal?: AbortSignal): Promise<Identity> {
    return await this.#caller.become("/me/pair", { code, carryOver }, signal);
  }

  async signUp(credentials: Credentials, signal?: AbortSignal): Promise<Identity> {
    return await this.#caller.become("/me/sign-up", credentials, signal);
  }

  async signIn(credentials: Credentials, signal?: AbortSignal): Promise<Identity> {
    return await this.#caller.become("/me/sign-in", credentials, signal);
  }

  async signOut(signal?: AbortSignal): Promise<void> {
    await this.#caller.leave("/me/sign-out", signal);
  }

  /** As its owner and nobody else, if it is bound to one. */
  async submit(entry: JournalEntry, signal?: AbortSignal): Promise<StatusDocument> {
    const { kind, payload, deadline: until } = entry;
    const body = until === undefined ? { kind, payload } : { kind, payload, deadline: until };
    const headers = { traceparent: entry.traceparent };
    return json(await this.#caller.call("PUT", `/requests/${entry.id}`, { body, headers, signal }, entry.owner));
  }

  async read(id: string, signal?: AbortSignal): Promise<StatusDocument> {
    return json(await this.#caller.call("GET", `/requests/${id}`, { signal }));
  }

  /** Waits at the server until the version is another one; undefined when it stayed the same for that long. */
  async readAfter(id: string, version: number, waitSeconds: number, signal?: AbortSignal): Promise<StatusDocument | undefined> {
    const headers = { "If-None-Match": `W/"${version}"`, Prefer: `wait=${waitSeconds}` };
    const answer = await this.#caller.call("GET", `/requests/${id}`, { headers, signal, timeoutMs: waitSeconds * 1000 + answerWithinMs });
    return answer.status === 304 ? undefined : json(answer);
  }

  async list(limit: number, signal?: AbortSignal, next?: string): Promise<RequestsPage> {
    const answer = await this.#caller.call("GET", next ?? `/requests?limit=${limit}`, { signal });
    const { requests } = json<{ requests: readonly StatusDocument[] }>(answer);
    return { requests, next: nextLink(answer.headers.get("Link")) };
  }

  /** A result too large for the document. */
  async result(url: string, signal?: AbortSignal): Promise<unknown> {
    return json(await this.#caller.call("GET", url, { signal, timeoutMs: resultWithinMs }));
  }

  async events(id: string, after: number, signal?: AbortSignal): Promise<EventsPage> {
    return json(await this.#caller.call("GET", `/requests/${id}/events?after=${after}`, { signal }));
  }

  async cancel(id: string, signal?: AbortSignal): Promise<void> {
    await this.#caller.call("DELETE", `/requests/${id}`, { signal });
  }

  async retry(id: string, version: number | undefined, signal?: AbortSignal): Promise<void> {
    await this.#caller.call("POST", `/requests/${id}/retry`, { body: version === undefined ? {} : { version }, signal });
  }

  async answer(id: string, key: string, answer: unknown, signal?: AbortSignal): Promise<void> {
    await this.#caller.call("POST", `/requests/${id}/input`, { body: { key, answer }, signal });
  }

  async upload({ id, name }: Pick<JournalUpload, "id" | "name">, bytes: Blob, onProgress: (sent: number) => void, signal: AbortSignal, owner?: string): Promise<void> {
    // Before the bytes: a refusal that comes while they are on their way may look like a lost connection.
    if (owner !== undefined) await this.#caller.identifyAnew(signal);
    await this.#caller.asSomebody(async () => {
      const headers = { ...(await this.#caller.headers(owner)), "Content-Disposition": dispositionOf(name) };
      const { status, text, retryAfter } = await this.#sendFile(this.url(`/files/${id}`), bytes, headers, onProgress, signal);
      if (status < 200 || status > 299) throw new ProblemError(problemFrom(status, text), milliseconds(retryAfter));
      // A login page before the server says 200 too, and has no file.
      json({ text });
    }, signal, owner);
  }

  /** An answer that goes on until `signal` aborts or the connection is lost. */
  async stream(path: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return await this.#caller.asSomebody(async () => {
      const response = await this.#caller.fetch("GET", path, { headers, signal });
      if (!response.ok) throw new ProblemError(problemFrom(response.status, await response.text()), undefined);
      if (response.body === null) throw new UnreachableError("The stream is empty.");
      return response.body;
    }, signal);
  }

  /** What says who is calling, where the browser does not. */
  async headers(): Promise<Record<string, string>> {
    return await this.#caller.headers();
  }
}
