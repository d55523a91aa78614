import { ProblemError, SomebodyElseError, UnreachableError } from "../errors.js";
import { deadline, unlessAborted } from "../pause.js";
import { type Readable, Store } from "../store.js";
import type { Identity } from "../wire.js";
import { type Answer, json, milliseconds, problemFrom } from "./answer.js";
import { Cookies } from "./cookies.js";

/** A bearer token; asked for before each call, so that it may be a fresh one. */
export type Token = () => string | undefined | Promise<string | undefined>;

export interface CallerOptions {
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly token?: Token | undefined;
}

export interface Call {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const answerWithinMs = 30_000;

/** Makes each call as somebody: none leaves before the server has said who we are. */
export class Caller {
  readonly #options: CallerOptions;
  /** Browsers keep cookies themselves, and let nobody see them. */
  readonly #cookies = typeof document === "undefined" ? new Cookies() : undefined;
  readonly #identity = new Store<Identity | undefined>(undefined);
  #asked: Promise<Identity> | undefined;

  constructor(options: CallerOptions) {
    this.#options = options;
  }

  /** Who we are as far as the server has said; nobody after a sign-out, until it is asked again. */
  get identity(): Readable<Identity | undefined> {
    return this.#identity;
  }

  url(path: string): string {
    return this.#options.baseUrl + path;
  }

  /**
   * Every other call waits for the first answer: calls side by side without a cookie would each be made a guest of their own,
   * and only one of them could be found again. The signal ends the waiting, not the call, which others wait for too.
   */
  async identify(signal?: AbortSignal): Promise<Identity> {
    this.#asked ??= this.#ask("GET", "/me", {}).then((answer) => this.#is(json(answer))).catch((error: unknown) => {
      this.#asked = undefined;
      throw error;
    });
    return await unlessAborted(this.#asked, signal);
  }

  /** Another tab may have changed who we are since the server was asked. */
  async identifyAnew(signal?: AbortSignal): Promise<Identity> {
    this.#asked = undefined;
    return await this.identify(signal);
  }

  async become(path: string, body: unknown, signal?: AbortSignal): Promise<Identity> {
    // A guest's cookie that is still on its way would take the place of the new one. Asked once: a 401 here is about what was typed.
    await this.identify(signal);
    const identity = json<Identity>(await this.#change(path, { body, signal }));
    this.#asked = Promise.resolve(identity);
    return this.#is(identity);
  }

  async leave(path: string, signal?: AbortSignal): Promise<void> {
    await this.#change(path, { signal });
    this.#asked = undefined;
    this.#identity.set(undefined);
  }

  async call(method: string, path: string, call: Call, owner?: string): Promise<Answer> {
    const headers = { ...call.headers, ...onlyAs(owner) };
    return await this.asSomebody(() => this.#ask(method, path, { ...call, headers }), call.signal, owner);
  }

  /** @param owner The only one as whom the call may be made; left out, whoever we are. */
  async asSomebody<T>(act: () => Promise<T>, signal: AbortSignal | undefined, owner?: string): Promise<T> {
    const identity = await this.identify(signal);
    allow(owner, identity);
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { status } = error.problem;
      if (!error.is("other-owner") && (status !== 401 || this.#options.token !== undefined)) throw error;
      // The cookie ran out or was cleared (asking who we are mints another), or another tab has signed in.
      if (this.#identity.get() === identity) this.#asked = undefined;
      allow(owner, await this.identify(signal));
      return await act();
    }
  }

  /** What says who is calling, where the browser does not, and who is meant to. */
  async headers(owner?: string): Promise<Record<string, string>> {
    const token = await this.#options.token?.();
    return { ...this.#cookies?.headers(), ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }), ...onlyAs(owner) };
  }

  /** One exchange as it is, without a deadline of its own; a refusal is an answer too. */
  async fetch(method: string, path: string, { body, headers, signal }: Call): Promise<Response> {
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const init: RequestInit = { method, cache: "no-store", headers: { ...headers, ...type, ...(await this.headers()) } };
    if (signal !== undefined) init.signal = signal;
    if (body !== undefined) init.body = JSON.stringify(body);
    const response = await this.#options.fetch(this.url(path), init);
    this.#cookies?.take(response.headers);
    return response;
  }

  async #change(path: string, call: Call): Promise<Answer> {
    try {
      return await this.#ask("POST", path, call);
    } catch (error) {
      // Without an answer nobody knows who we are now.
      if (!(error instanceof ProblemError)) this.#asked = undefined;
      throw error;
    }
  }

  #is(identity: Identity): Identity {
    this.#identity.set(identity);
    return identity;
  }

  async #ask(method: string, path: string, call: Call): Promise<Answer> {
    const limit = deadline(call.timeoutMs ?? answerWithinMs, call.signal);
    try {
      const response = await this.fetch(method, path, { ...call, signal: limit.signal });
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
}

function allow(owner: string | undefined, { id }: Identity): void {
  if (owner !== undefined && owner !== id) throw new SomebodyElseError("This browser is somebody else by now.");
}

/** The server refuses what comes with somebody else's cookie by now: another tab may have signed in since we were told who we are. */
function onlyAs(owner: string | undefined): Record<string, string> {
  return owner === undefined ? {} : { "Feedback-Owner": owner };
}
