import { Api } from "./http/api.js";
import { Background } from "./background.js";
import type { Channel } from "./channels/channel.js";
import { type Exclusive, webLocks } from "./sending/exclusive.js";
import { Follower } from "./following/follower.js";
import { IndexedDbShelf } from "./journal/indexedDbShelf.js";
import type { Journal, JournalEntry } from "./journal/journal.js";
import { type ConnectionState, LiveFeed } from "./following/liveFeed.js";
import { IndexedDbJournal } from "./journal/indexedDbJournal.js";
import { type Observation, observation } from "./requests/observation.js";
import { pause } from "./pause.js";
import { PollingChannel } from "./channels/pollingChannel.js";
import { RequestBook } from "./requests/requestBook.js";
import { Sender } from "./sending/sender.js";
import type { FileShelf } from "./journal/shelf.js";
import { SseChannel } from "./channels/sseChannel.js";
import type { Readable } from "./store.js";
import { newTraceparent } from "./traceparent.js";
import { uuidV7 } from "./uuid.js";
import { type RequestView, withEntry } from "./requests/view.js";
import { WebSocketChannel } from "./channels/webSocketChannel.js";
import type { Identity } from "./wire.js";

export interface FeedbackClientOptions {
  /** Where the server is; the page's own origin when left out. */
  readonly baseUrl?: string;
  /** A bearer token for callers without a cookie; it cannot travel with a WebSocket, so such a client polls. */
  readonly token?: () => string | undefined;
  readonly journal?: Journal;
  readonly shelf?: FileShelf;
  readonly api?: Api;
  /** In order of preference. */
  readonly channels?: readonly Channel[];
  readonly exclusive?: Exclusive;
  readonly random?: () => number;
  /** Hears of what nobody awaits, such as a journal that fails in the background. */
  readonly onError?: (error: unknown) => void;
}

export interface SubmitOptions {
  /** What the person would call it; stays on this device. */
  readonly label?: string;
  /** Files to upload first; each one's id is put into the payload under its key. */
  readonly files?: Readonly<Record<string, File>>;
  /** RFC 3339; the server's default when left out. */
  readonly deadline?: string;
}

const stepInMs = 1000;

/** Submits requests and follows them: what was submitted once is brought to the server and watched to its end, over reloads and crashes. */
export class FeedbackClient {
  readonly #api: Api;
  readonly #journal: Journal;
  readonly #shelf: FileShelf;
  readonly #book = new RequestBook();
  readonly #sender: Sender;
  readonly #follower: Follower;
  readonly #feed: LiveFeed;
  readonly #nudge = new EventTarget();
  readonly #background: Background;

  constructor(options: FeedbackClientOptions = {}) {
    const { baseUrl = "", token, random = Math.random, exclusive = webLocks } = options;
    this.#api = options.api ?? new Api({ baseUrl, token });
    this.#journal = options.journal ?? new IndexedDbJournal();
    this.#shelf = options.shelf ?? new IndexedDbShelf();
    this.#background = new Background(options.onError ?? (typeof reportError === "function" ? reportError : console.error));
    const [api, journal, shelf, book, background, nudge] = [this.#api, this.#journal, this.#shelf, this.#book, this.#background, this.#nudge];
    const parts = { api, journal, shelf, book, background, exclusive, random, nudge };
    this.#sender = new Sender(parts);
    this.#follower = new Follower(parts);
    const channels = options.channels ?? this.#defaultChannels(baseUrl, token !== undefined);
    this.#feed = new LiveFeed({ channels, sink: this.#follower, identify: () => api.identify(), random, nudge });
  }

  get connection(): Readable<ConnectionState> {
    return this.#feed.connection;
  }

  /** Everything known, newest first: what this device has yet to send, and what the server has. */
  get requests(): Readable<readonly RequestView[]> {
    return this.#book.list;
  }

  /** Whether there are requests older than those listed. */
  get older(): Readable<string | undefined> {
    return this.#follower.older;
  }

  /** Runs until `signal` aborts: sends what is unsent, connects, and follows. */
  async run(signal: AbortSignal): Promise<void> {
    this.#background.begin(signal);
    const nudge = () => void this.#nudge.dispatchEvent(new Event("nudge"));
    globalThis.addEventListener?.("online", nudge, { signal });
    const unsubscribe = [
      this.#journal.subscribe((id) => this.#background.start((stop) => this.#journalChanged(id, stop))),
      this.connection.subscribe(() => {
        if (this.connection.get().state === "live") nudge();
      }),
    ];
    try {
      for (const entry of await this.#journal.all()) if (!(await this.#dropExpired(entry))) this.#adopt(entry);
      await this.#feed.run(signal);
    } finally {
      for (const stop of unsubscribe) stop();
    }
  }

  /** Who the server takes us for; the first call makes a guest. */
  async me(): Promise<Identity> {
    return await this.#api.identify();
  }

  async loadOlder(signal?: AbortSignal): Promise<void> {
    await this.#follower.loadOlder(signal);
  }

  /** Resolves to the id as soon as it is written down here; sending goes on by itself. Rejects with JournalError, and then nothing was sent. */
  async submit(kind: string, payload: Readonly<Record<string, unknown>>, options: SubmitOptions = {}): Promise<string> {
    const { files = {}, label, deadline } = options;
    const uploads = Object.entries(files).map(([field, file]) => ({ id: uuidV7(), field, file }));
    const entry: JournalEntry = {
      id: uuidV7(),
      kind,
      payload: { ...payload, ...Object.fromEntries(uploads.map(({ field, id }) => [field, id])) },
      ...(label === undefined ? {} : { label }),
      ...(deadline === undefined ? {} : { deadline }),
      createdAt: new Date().toISOString(),
      traceparent: newTraceparent(),
      uploads: uploads.map(({ id, file }) => ({ id, name: file.name, size: file.size, done: false })),
      state: "open",
      tried: false,
    };
    // Held by this page before anything can ask for them, shelved for the next page before the entry tells of them.
    for (const { id, file } of uploads) this.#sender.hold(id, file);
    await Promise.all(uploads.map(({ id, file }) => this.#shelf.put(id, file)));
    await this.#journal.put(entry);
    this.#adopt(entry);
    return entry.id;
  }

  /** One request as a store and as an async sequence that ends with the request. While observed, its events are kept complete. */
  observe(id: string): Observation {
    return observation(this.#book.store(id), () => this.#follower.watch(id));
  }

  /** Asks to stop. Before anything was sent it is gone at once; afterwards the server decides, and the view tells. */
  async cancel(id: string): Promise<void> {
    const entry = await this.#journal.get(id);
    if (entry?.state === "open" && !entry.tried) return await this.dismiss(id);
    if (entry?.state === "open") {
      const changed = await this.#journal.update(id, () => ({ cancel: true }));
      if (changed !== undefined) this.#adopt(changed);
      return;
    }
    await this.#api.cancel(id);
    await this.#follower.read(id);
  }

  /** Gives a held request new attempts. */
  async retry(id: string): Promise<void> {
    await this.#api.retry(id, this.#book.view(id)?.status?.version);
    await this.#follower.read(id);
  }

  /**
   * Answers the question under `status.input`. The same answer may be given again; another one to a question that is answered is refused.
   * @param key Names the question, so that an answer never reaches the next one.
   */
  async answer(id: string, key: string, answer: unknown): Promise<void> {
    await this.#api.answer(id, key, answer);
    await this.#follower.read(id);
  }

  /** Brings a file again whose bytes were lost with an earlier page. */
  async provideFile(id: string, file: File): Promise<void> {
    const entry = await this.#journal.get(id);
    const missing = entry?.uploads.find((upload) => !upload.done);
    if (entry === undefined || missing === undefined) return;
    this.#sender.hold(missing.id, file);
    await this.#shelf.put(missing.id, file);
    this.#adopt(entry);
  }

  /** Forgets what was never accepted: a refused request, or one not sent yet. */
  async dismiss(id: string): Promise<void> {
    const entry = await this.#journal.get(id);
    this.#sender.stop(id);
    await this.#journal.remove(id);
    for (const upload of entry?.uploads ?? []) await this.#shelf.remove(upload.id);
    if (this.#book.view(id)?.status === undefined) this.#book.forget(id);
  }

  #adopt(entry: JournalEntry): void {
    this.#book.update(entry.id, (view) => withEntry(view, entry));
    if (entry.state === "open") this.#background.start((signal) => this.#deliver(entry.id, signal));
  }

  async #deliver(id: string, signal: AbortSignal): Promise<void> {
    await this.#sender.deliver(id, signal);
    const entry = await this.#journal.get(id);
    // Another tab may have brought it in, and its push may have come before this tab listened.
    if (entry?.state === "accepted" && this.#book.view(id)?.status === undefined) await this.#follower.read(id, signal);
  }

  async #journalChanged(id: string, signal: AbortSignal): Promise<void> {
    const entry = await this.#journal.get(id);
    if (entry !== undefined) {
      this.#book.update(id, (view) => withEntry(view, entry));
      // The tab that wrote it sends it, and shows how far the upload is; this one only steps in when that tab goes.
      await pause(stepInMs, signal);
      if (entry.state === "open") await this.#deliver(id, signal);
      return;
    }
    this.#sender.stop(id);
    if (this.#book.view(id)?.status === undefined) this.#book.forget(id);
  }

  async #dropExpired(entry: JournalEntry): Promise<boolean> {
    if (entry.expiresAt === undefined || Date.parse(entry.expiresAt) > Date.now()) return false;
    await this.#journal.remove(entry.id);
    return true;
  }

  #defaultChannels(baseUrl: string, withToken: boolean): readonly Channel[] {
    const polling = new PollingChannel(this.#api);
    if (withToken) return [polling];
    return [new WebSocketChannel(`${baseUrl}/feedback`), new SseChannel(this.#api), polling];
  }
}
