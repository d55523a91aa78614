import { Api, type Identity, type RequestEvent, type SendFile, type StatusDocument, UnreachableError } from "../src/index.js";

type Answer = { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> };

/** The HTTP profile in memory: enough of it to be repeated, refused, cut off and asked again. */
export class ScriptedServer {
  readonly calls: string[] = [];
  readonly bodies = new Map<string, unknown>();
  readonly headers = new Map<string, Headers>();
  readonly streams = new Map<string, RequestEvent[]>();
  readonly files = new Map<string, Blob>();
  /** Answers to the next calls whose "METHOD /path" begins with the key, instead of acting. */
  readonly #instead = new Map<string, (() => Answer)[]>();
  /** The next calls of this beginning are acted on, but their answers never arrive. */
  readonly #cut = new Map<string, number>();
  /** As their senders called them; of those that named none, nothing. */
  readonly fileNames = new Map<string, string>();
  isDown = false;
  hasLargeResults = false;
  identities = 0;
  /** Whom the browser's cookie stands for; without one, everybody who asks is a new guest. */
  cookie: Identity | undefined;
  /** By whom a request or a file was sent. */
  readonly senders = new Map<string, string | undefined>();
  api = this.load();

  /** What a page has that is loaded now. */
  load(token?: () => string): Api {
    return new Api({ token, fetch: (input, init) => this.#fetch(String(input), init ?? {}), sendFile: this.#sendFile });
  }

  get #sendFile(): SendFile {
    return async (url, bytes, headers, onProgress, signal) => {
      if (this.isDown) throw new UnreachableError("cut off");
      signal.throwIfAborted();
      this.calls.push(`PUT ${url}`);
      if (this.#isForAnother(new Headers(headers))) return { status: 412, text: JSON.stringify(otherOwner), retryAfter: null };
      onProgress(bytes.size);
      const id = url.slice("/files/".length);
      this.files.set(id, bytes);
      const [, name] = /filename\*=UTF-8''([\w!#$&+.^`|~%-]+)$/.exec(headers["Content-Disposition"] ?? "") ?? [];
      if (name !== undefined) this.fileNames.set(id, decodeURIComponent(name));
      this.senders.set(id, this.cookie?.id);
      return { status: 201, text: "{}", retryAfter: null };
    };
  }

  instead(call: string, ...answers: Answer[]): void {
    this.#instead.set(call, answers.map((answer) => () => answer));
  }

  cutOff(call: string, times = 1): void {
    this.#cut.set(call, times);
  }

  count(call: string): number {
    return this.calls.filter((made) => made.startsWith(call)).length;
  }

  append(id: string, type: string, data: Record<string, unknown> = {}): RequestEvent {
    const stream = this.streams.get(id) ?? [];
    this.streams.set(id, stream);
    const event = { version: stream.length + 1, type, at: new Date(Date.now()).toISOString(), data };
    stream.push(event);
    return event;
  }

  document(id: string): StatusDocument {
    const stream = this.streams.get(id) ?? [];
    const last = stream.at(-1);
    const ends = { "request-succeeded": "Succeeded", "request-failed": "Failed", "request-canceled": "Canceled" } as const;
    const end = ends[last?.type as keyof typeof ends];
    return {
      id,
      kind: String(stream[0]?.data.kind ?? "echo"),
      status: end ?? (stream.length > 1 ? "Running" : "Pending"),
      done: end !== undefined,
      version: stream.length,
      createdAt: stream[0]?.at ?? "",
      lastUpdatedAt: last?.at ?? "",
      fileNames: (stream[0]?.data.fileNames as string[] | undefined) ?? null,
      ...(end === "Succeeded" ? { result: last?.data.result ?? {} } : {}),
    };
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const call = `${init.method} ${url}`;
    this.calls.push(call);
    if (this.isDown) throw new TypeError("fetch failed");
    init.signal?.throwIfAborted();
    this.headers.set(call, new Headers(init.headers));
    for (const [start, answers] of this.#instead) {
      const answer = call.startsWith(start) ? answers.shift() : undefined;
      if (answer !== undefined) return respond(answer());
    }
    if (this.#isForAnother(new Headers(init.headers))) return respond({ status: 412, body: otherOwner });
    const answer = this.#act(init.method ?? "GET", url, init.body);
    for (const [start, left] of this.#cut) {
      if (!call.startsWith(start) || left === 0) continue;
      this.#cut.set(start, left - 1);
      throw new TypeError("fetch failed");
    }
    return respond(answer);
  }

  #isForAnother(headers: Headers): boolean {
    const meant = headers.get("Feedback-Owner");
    return meant !== null && meant !== this.cookie?.id;
  }

  #act(method: string, url: string, body: BodyInit | null | undefined): Answer {
    const [, root, id = "", rest] = url.split(/[/?]/);
    if (root === "me" && method === "GET" && this.cookie !== undefined) return { status: 200, body: this.cookie };
    if (root === "me") return { status: 200, body: { id: `guest-${++this.identities}`, kind: "guest" } };
    if (method === "GET" && id.startsWith("limit")) return { status: 200, body: { requests: [...this.streams.keys()].map((key) => withoutResult(this.document(key))) } };
    if (method === "PUT") return this.#submit(id, String(body));
    if (!this.streams.has(id)) return { status: 404, body: { type: "/problems/not-found", title: "Not found" } };
    if (method === "DELETE") this.append(id, "request-canceled");
    if (rest === "events") {
      const after = Number(url.split("after=")[1]);
      return { status: 200, body: { events: this.streams.get(id)?.slice(after), version: this.streams.get(id)?.length, more: false } };
    }
    if (rest === "result") return { status: 200, body: this.document(id).result };
    return { status: 200, body: this.hasLargeResults ? withoutResult(this.document(id)) : this.document(id) };
  }

  #submit(id: string, body: string): Answer {
    const { kind, payload } = JSON.parse(body) as { kind: string; payload: object };
    this.bodies.set(id, JSON.parse(body));
    this.senders.set(id, this.cookie?.id);
    const fileNames = Object.values(payload).flatMap((value: string) => this.fileNames.get(value) ?? []);
    if (!this.streams.has(id)) this.append(id, "request-accepted", { kind, ...(fileNames.length > 0 && { fileNames }) });
    return { status: 202, body: this.document(id) };
  }
}

function withoutResult({ result, ...status }: StatusDocument): StatusDocument {
  return result === undefined ? status : { ...status, resultUrl: `/requests/${status.id}/result` };
}

const otherOwner = { type: "/problems/other-owner", title: "Somebody else." };

/** A text is what something in between says; of objects, those with a title are problems of the server. */
function respond({ status, body, headers = {} }: Answer): Response {
  if (typeof body === "string") return new Response(body, { status, headers });
  const type = typeof body === "object" && status >= 400 ? { type: "/problems/of-the-script" } : {};
  return new Response(status === 204 || status === 304 ? null : JSON.stringify({ ...type, ...(body ?? {}) }), { status, headers });
}
