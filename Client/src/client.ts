import { Background } from "./background.js";
import { FileNotKeptError, withoutJournal } from "./errors.js";
import { Follower } from "./following/follower.js";
import type { ConnectionState } from "./following/liveFeed.js";
import type { JournalUpload } from "./journal/journal.js";
import { notifyOfEnds } from "./notifier.js";
import { complete, type FeedbackClientOptions, type SubmitOptions } from "./options.js";
import { linked } from "./pause.js";
import { type Observation, observation } from "./requests/observation.js";
import { RequestBook } from "./requests/requestBook.js";
import type { RequestView } from "./requests/view.js";
import { newEntry, withOtherFile } from "./sending/newEntry.js";
import { Outbox } from "./sending/outbox.js";
import { Sender } from "./sending/sender.js";
import { Uploads } from "./sending/uploads.js";
import type { Readable } from "./store.js";
import { SharedFeed } from "./tabs/sharedFeed.js";
import { uuidV7 } from "./uuid.js";
import type { Identity } from "./wire.js";

/** Submits requests and follows them: what was submitted once is brought to the server and watched to its end, over reloads and crashes. */
export class FeedbackClient {
  readonly #options: ReturnType<typeof complete>;
  readonly #book = new RequestBook();
  readonly #uploads: Uploads;
  readonly #follower: Follower;
  readonly #outbox: Outbox;
  readonly #feed: SharedFeed;
  readonly #nudge = new EventTarget();
  readonly #background: Background;
  #run: Promise<void> = Promise.resolve();

  constructor(options: FeedbackClientOptions = {}) {
    this.#options = complete(options);
    this.#background = new Background(this.#options.onError);
    const parts = { ...this.#options, book: this.#book, background: this.#background, nudge: this.#nudge };
    this.#uploads = new Uploads(parts);
    this.#follower = new Follower(parts);
    const sending = { ...parts, uploads: this.#uploads };
    this.#outbox = new Outbox({ ...sending, sender: new Sender(sending), follower: this.#follower });
    const { api, baseUrl } = this.#options;
    this.#feed = new SharedFeed({ ...parts, follower: this.#follower, identify: (signal: AbortSignal) => api.identify(signal), scope: baseUrl });
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

  /** Runs until `signal` aborts: sends what is unsent, connects, and follows. It may be run again afterwards. */
  async run(signal: AbortSignal): Promise<void> {
    const before = this.#run;
    this.#run = before.catch(() => undefined).then(() => this.#runOnce(signal));
    await this.#run;
  }

  /** Who the server takes us for; the first call makes a guest. */
  async me(signal?: AbortSignal): Promise<Identity> {
    return await this.#options.api.identify(signal);
  }

  /**
   * This browser becomes who opened the code on another device: afterwards make a new client, or reload. What a guest has, here and on the
   * server, goes along only with `carryOver`.
   */
  async pair(code: string, carryOver: boolean, signal?: AbortSignal): Promise<Identity> {
    const { api, journal } = this.#options;
    await api.identify(signal);
    const pair = () => api.pair(code, carryOver, signal);
    return await (carryOver ? pair() : journal.keepBackFrom(pair));
  }

  async loadOlder(signal?: AbortSignal): Promise<void> {
    await this.#follower.loadOlder(signal);
  }

  /**
   * Resolves to the id as soon as it is written down here; sending goes on by itself. Nothing was written and nothing is sent when it rejects:
   * with JournalError when this device does not let us, with FileNotKeptError when there is no connection and it cannot keep the file.
   */
  async submit(kind: string, payload: Readonly<Record<string, unknown>>, options: SubmitOptions = {}): Promise<string> {
    const { entry, uploads } = newEntry(kind, payload, options);
    // Held by this page before anything can ask for them, shelved for the next page before the entry tells of them.
    try {
      const kept: JournalUpload[] = [];
      for (const { id, file } of uploads) kept.push(await this.#keep(id, file));
      options.signal?.throwIfAborted();
      await this.#options.journal.put({ ...entry, uploads: kept });
      this.#outbox.adopt({ ...entry, uploads: kept });
      return entry.id;
    } catch (error) {
      await this.#uploads.forget(uploads);
      throw error;
    }
  }

  /** One request as a store and as async sequences that end with it. While observed, its events are kept complete. */
  observe(id: string, signal?: AbortSignal): Observation {
    const actions = {
      cancel: (stop?: AbortSignal) => this.cancel(id, stop),
      retry: (stop?: AbortSignal) => this.retry(id, stop),
      answer: (key: string, answer: unknown, stop?: AbortSignal) => this.answer(id, key, answer, stop),
    };
    return observation(this.#book.store(id), () => this.#follower.watch(id), actions, signal);
  }

  /** Asks to stop. Before anything was sent it is gone at once; afterwards the server decides, and the view tells. */
  async cancel(id: string, signal?: AbortSignal): Promise<void> {
    const { api, journal } = this.#options;
    signal?.throwIfAborted();
    const entry = await journal.update(id, ({ state }) => (state === "open" ? { cancel: true } : undefined)).catch(withoutJournal);
    if (entry?.state === "open") return entry.tried ? this.#outbox.adopt(entry) : await this.dismiss(id);
    await api.cancel(id, signal);
    await this.#follower.read(id, signal);
  }

  /** Gives a held request new attempts. */
  async retry(id: string, signal?: AbortSignal): Promise<void> {
    await this.#options.api.retry(id, this.#book.view(id)?.status?.version, signal);
    await this.#follower.read(id, signal);
  }

  /**
   * Answers the question under `status.input`. The same answer may be given again; another one to a question that is answered is refused.
   * @param key Names the question, so that an answer never reaches the next one.
   */
  async answer(id: string, key: string, answer: unknown, signal?: AbortSignal): Promise<void> {
    await this.#options.api.answer(id, key, answer, signal);
    await this.#follower.read(id, signal);
  }

  /** Brings a file again whose bytes were lost with an earlier page. Rejects as `submit` does, and the request then goes on waiting for its file. */
  async provideFile(id: string, file: File, signal?: AbortSignal): Promise<void> {
    const { journal } = this.#options;
    const entry = await journal.get(id);
    const lost = entry?.state === "open" ? await this.#uploads.lost(entry) : undefined;
    if (lost === undefined) return;
    // Under an id of its own: the server may have the bytes of the lost one, and a file's bytes never change.
    const other = uuidV7();
    try {
      const kept = await this.#keep(other, file);
      signal?.throwIfAborted();
      const changed = await journal.update(id, (now) => withOtherFile(now, lost, kept));
      if (changed !== undefined) this.#outbox.adopt(changed);
    } catch (error) {
      await this.#uploads.forget([{ id: other }]);
      throw error;
    }
  }

  /** Forgets what was never accepted: a refused request, or one not sent yet. */
  async dismiss(id: string): Promise<void> {
    await this.#outbox.discard(id);
  }

  async #runOnce(page: AbortSignal): Promise<void> {
    if (page.aborted) return;
    const life = linked(page);
    const { signal } = life;
    const { attention, notify } = this.#options;
    this.#background.begin(signal);
    const nudge = () => void this.#nudge.dispatchEvent(new Event("nudge"));
    const stops = [
      this.#outbox.follow(),
      attention.subscribe(() => (attention.isHere() || attention.wantsNews()) && attention.isOnline() && nudge()),
      this.connection.subscribe(() => this.connection.get().state === "live" && nudge()),
      ...(notify ? [notifyOfEnds(this.requests, notify, () => this.#feed.isUnwatched)] : []),
    ];
    try {
      // A journal that cannot be read is no reason not to show what the server has.
      this.#background.start((stop) => this.#outbox.start(stop));
      await this.#feed.run(signal);
    } finally {
      for (const stop of stops) stop();
      life.abort();
    }
  }

  async #keep(id: string, file: File): Promise<JournalUpload> {
    const { name, size } = file;
    const isKept = await this.#uploads.keep(id, file);
    if (!isKept && this.#isOffline()) throw new FileNotKeptError(name, size);
    return { id, name, size, done: false, ...(isKept ? {} : { kept: false }) };
  }

  #isOffline(): boolean {
    const { state } = this.connection.get();
    // A live connection knows better than the browser, which may not count one to this very machine.
    return state === "offline" || (state !== "live" && !this.#options.attention.isOnline());
  }
}
