import { backoffDelay } from "../backoff.js";
import type { Channel, ChannelName, ChannelSink } from "../channels/channel.js";
import { isAborted } from "../errors.js";
import { pause } from "../pause.js";
import { type Readable, Store } from "../store.js";

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
  readonly nudge: EventTarget;
}

const openWithinMs = 15_000;
/** A lesser channel is given up after this time, to see whether the better one works by now. */
const upgradeMs = 60_000;
/** A connection that lasted this long was a good one: the next loss starts counting anew. */
const soundMs = 10_000;

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
    const { nudge, random } = this.#parts;
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
        const delay = backoffDelay(failures++, random());
        // The first loss is mostly a replica that went away: another one answers in a moment, no reason to alarm anybody.
        if (session === undefined) this.#connection.set({ state: "offline", retryAt: Date.now() + delay });
        await pause(delay, signal, nudge);
      }
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      this.#connection.set({ state: "stopped" });
    }
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
      try {
        const opened = this.#parts.identify().then(() => channel.open(this.#parts.sink, life.signal));
        const { closed } = await Promise.race([opened, aborted(life.signal)]);
        return { channel, closed, close };
      } catch {
        // Whatever kept this one from working, the next one is the answer to it.
        close();
        signal.throwIfAborted();
      } finally {
        clearTimeout(timer);
      }
    }
    return undefined;
  }

  /** True when the connection was lost, false when it was given up for a better one. */
  async #hold(session: Session): Promise<boolean> {
    const over = new AbortController();
    const lost = session.closed.then(() => true);
    const upgrade = pause(upgradeMs, over.signal).then(() => false);
    try {
      return await (session.channel === this.#parts.channels[0] ? lost : Promise.race([lost, upgrade]));
    } finally {
      upgrade.catch(() => undefined);
      over.abort();
      session.close();
    }
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = () => reject(new DOMException("Stopped.", "AbortError"));
    if (signal.aborted) fail();
    else signal.addEventListener("abort", fail, { once: true });
  });
}
