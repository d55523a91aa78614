import { backoffDelay } from "../backoff.js";
import type { Channel, ChannelName, ChannelSink } from "../channels/channel.js";
import { isAborted } from "../errors.js";
import { aborted, pause } from "../pause.js";
import { type Readable, Store } from "../store.js";
import type { Attention } from "./attention.js";

export type ConnectionState =
  | { readonly state: "stopped" }
  | { readonly state: "catching-up" }
  | { readonly state: "live"; readonly channel: ChannelName }
  | { readonly state: "offline"; readonly retryAt: number };

export interface LiveFeedParts {
  /** In order of preference. */
  readonly channels: readonly Channel[];
  readonly sink: ChannelSink;
  /** Makes sure there is a cookie before a connection needs it. */
  readonly identify: () => Promise<unknown>;
  readonly random: () => number;
  /** Fires "nudge" when a connection may be possible, or wanted, again. */
  readonly nudge: EventTarget;
  readonly attention: Attention;
}

const openWithinMs = 15_000;
/** A lesser channel is given up after this time, to see whether the better one works by now. */
const upgradeMs = 60_000;
/** A connection that lasted this long was a good one: the next loss starts counting anew. */
const soundMs = 10_000;
/** While the browser says that there is no network it mostly is right: only a look now and then. */
const offlineMs = 60_000;
/** While nobody looks, and nobody wants to be told. */
const hiddenMs = 15 * 60_000;

interface Session {
  readonly channel: Channel;
  readonly closed: Promise<void>;
  close(): void;
}

/** Keeps one connection alive: the best channel that works, again and again, until the signal aborts. */
export class LiveFeed {
  readonly #parts: LiveFeedParts;
  readonly #connection = new Store<ConnectionState>({ state: "stopped" });

  constructor(parts: LiveFeedParts) {
    this.#parts = parts;
  }

  get connection(): Readable<ConnectionState> {
    return this.#connection;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { attention, random } = this.#parts;
    let failures = 0;
    this.#connection.set({ state: "catching-up" });
    try {
      while (!signal.aborted) {
        const session = await this.#open(signal);
        if (session !== undefined) {
          this.#connection.set({ state: "live", channel: session.channel.name });
          const since = Date.now();
          const lost = await this.#hold(session);
          this.#connection.set({ state: "catching-up" });
          if (!lost) continue;
          if (Date.now() - since >= soundMs) failures = 0;
        }
        const delay = attention.isOnline() || session !== undefined ? backoffDelay(failures++, random()) : offlineMs;
        // The first loss is mostly a replica that went away: another one answers in a moment, no reason to alarm anybody.
        if (session === undefined) this.#connection.set({ state: "offline", retryAt: Date.now() + delay });
        if (await this.#wait(delay, signal)) failures = 0;
      }
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      this.#connection.set({ state: "stopped" });
    }
  }

  /** True when somebody came back, or the network did. */
  async #wait(delay: number, signal: AbortSignal): Promise<boolean> {
    const { attention, nudge } = this.#parts;
    const isNudged = await pause(delay, signal, nudge);
    return isNudged || (!attention.isHere() && !attention.wantsNews() && (await pause(hiddenMs, signal, nudge)));
  }

  async #open(signal: AbortSignal): Promise<Session | undefined> {
    for (const channel of this.#parts.channels) {
      const life = new AbortController();
      const close = () => {
        signal.removeEventListener("abort", close);
        life.abort();
      };
      signal.addEventListener("abort", close);
      const timer = setTimeout(close, openWithinMs);
      const given = aborted(life.signal);
      try {
        const opened = this.#parts.identify().then(() => channel.open(this.#parts.sink, life.signal));
        const { closed } = await Promise.race([opened, given.promise]);
        return { channel, closed, close };
      } catch {
        // Whatever kept this one from working, the next one is the answer to it.
        close();
        signal.throwIfAborted();
      } finally {
        clearTimeout(timer);
        given.dispose();
      }
    }
    return undefined;
  }

  /** True when the connection was lost, false when it was given up: for a better one, or since the network it was on is gone. */
  async #hold(session: Session): Promise<boolean> {
    const { attention, channels } = this.#parts;
    const over = new AbortController();
    const lost = session.closed.then(() => true);
    // A dead network closes nothing by itself: it would look live for half a minute.
    const cut = new Promise<false>((resolve) => {
      const unsubscribe = attention.subscribe(() => attention.isOnline() || resolve(false));
      over.signal.addEventListener("abort", unsubscribe);
    });
    const upgrade = pause(upgradeMs, over.signal).then(() => false);
    try {
      return await Promise.race(session.channel === channels[0] ? [lost, cut] : [lost, cut, upgrade]);
    } finally {
      upgrade.catch(() => undefined);
      over.abort();
      session.close();
    }
  }
}
