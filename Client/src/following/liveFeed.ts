import { backoffDelay } from "../backoff.js";
import type { Channel, ChannelName, ChannelSession, ChannelSink } from "../channels/channel.js";
import { isAborted } from "../errors.js";
import { aborted, deadline, linked, pause, unlessAborted } from "../pause.js";
import { type Readable, Store } from "../store.js";
import type { Attention } from "./attention.js";

export type ConnectionState =
  | { readonly state: "stopped" }
  | { readonly state: "catching-up" }
  /** `isInDoubt` while the connection is asked whether it lives. */
  | { readonly state: "live"; readonly channel: ChannelName; readonly isInDoubt?: true }
  | { readonly state: "offline"; readonly retryAt: number };

export interface LiveFeedParts {
  /** In order of preference. */
  readonly channels: readonly Channel[];
  readonly sink: ChannelSink;
  /** Makes sure there is a cookie before a connection needs it. */
  readonly identify: (signal: AbortSignal) => Promise<unknown>;
  readonly random: () => number;
  /** Fires "nudge" when a connection may be possible, or wanted, again. */
  readonly nudge: EventTarget;
  readonly attention: Attention;
}

const openWithinMs = 15_000;
/** On a lesser channel it is seen this often whether a better one works by now. */
const upgradeMs = 60_000;
/** A connection that lasted this long was a good one: the next loss starts counting anew. */
const soundMs = 10_000;
/** While the browser says that there is no network it mostly is right: only a look now and then. */
const offlineMs = 60_000;
/** While nobody looks, and nobody wants to be told. */
const hiddenMs = 15 * 60_000;

/** A connection that showed life this long ago is not asked whether it lives. */
const provenMs = 20_000;
const checkWithinMs = 5_000;

interface Session extends ChannelSession {
  readonly channel: Channel;
  close(): void;
}

/** Keeps one connection alive: the best channel that works, again and again, until the signal aborts. */
export class LiveFeed {
  readonly #parts: LiveFeedParts;
  readonly #connection = new Store<ConnectionState>({ state: "stopped" });
  #check: (() => Promise<void>) | undefined;

  constructor(parts: LiveFeedParts) {
    this.#parts = parts;
  }

  get connection(): Readable<ConnectionState> {
    return this.#connection;
  }

  /** Asks the connection whether it lives, where somebody begins to look: one that died without a word looks live for half a minute, and longer in a hidden tab. */
  check(): void {
    void this.#check?.();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { attention, channels, random } = this.#parts;
    let failures = 0;
    this.#connection.set({ state: "catching-up" });
    try {
      while (!signal.aborted) {
        const opened = await this.#open(channels, signal);
        const since = performance.now();
        for (let session = opened; session !== undefined; session = await this.#hold(session, signal)) {
          this.#connection.set({ state: "live", channel: session.channel.name });
        }
        if (opened !== undefined) this.#connection.set({ state: "catching-up" });
        if (performance.now() - since >= soundMs) failures = 0;
        const delay = attention.isOnline() || opened !== undefined ? backoffDelay(failures++, random()) : offlineMs;
        // The first loss is mostly a replica that went away: another one answers in a moment, no reason to alarm anybody.
        if (opened === undefined) this.#connection.set({ state: "offline", retryAt: Date.now() + delay });
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

  /** @param opening Ends the trying; what is open by then stays until `signal` aborts. */
  async #open(channels: readonly Channel[], signal: AbortSignal, opening = signal): Promise<Session | undefined> {
    for (const channel of channels) {
      const life = new AbortController();
      const close = () => {
        signal.removeEventListener("abort", close);
        life.abort();
      };
      const giveUp = () => close();
      signal.addEventListener("abort", close);
      opening.addEventListener("abort", giveUp);
      const timer = setTimeout(giveUp, openWithinMs);
      const given = aborted(life.signal);
      try {
        const opened = this.#parts.identify(life.signal).then(() => channel.open(this.#parts.sink, life.signal));
        return { ...(await Promise.race([opened, given.promise])), channel, close };
      } catch {
        // Whatever kept this one from working, the next one is the answer to it.
        close();
        opening.throwIfAborted();
      } finally {
        clearTimeout(timer);
        opening.removeEventListener("abort", giveUp);
        given.dispose();
      }
    }
    return undefined;
  }

  /** Until the connection is lost, or given up since the network it was on is gone; or until a better one is there, which takes its place. */
  async #hold(session: Session, signal: AbortSignal): Promise<Session | undefined> {
    const { attention, channels } = this.#parts;
    const over = linked(signal);
    const lost = session.closed.then(() => undefined);
    // A dead network closes nothing by itself: it would look live for half a minute.
    const cut = new Promise<undefined>((resolve) => {
      const unsubscribe = attention.subscribe(() => attention.isOnline() || resolve(undefined));
      over.signal.addEventListener("abort", unsubscribe);
    });
    const dead = new Promise<undefined>((resolve) => {
      let provenAt = Date.now();
      this.#check = async () => {
        if (session.check === undefined || Date.now() - provenAt < provenMs) return;
        provenAt = Date.now();
        const live: ConnectionState = { state: "live", channel: session.channel.name };
        const limit = deadline(checkWithinMs, over.signal);
        this.#connection.set({ ...live, isInDoubt: true });
        try {
          await unlessAborted(session.check(), limit.signal);
          if (!over.signal.aborted) this.#connection.set(live);
        } catch {
          resolve(undefined);
        } finally {
          limit.dispose();
        }
      };
    });
    const candidates = channels.slice(0, channels.indexOf(session.channel));
    const better = candidates.length > 0 ? [this.#better(candidates, signal, over.signal)] : [];
    let next: Session | undefined;
    try {
      next = await Promise.race([lost, cut, dead, ...better]);
    } finally {
      this.#check = undefined;
      over.abort();
      session.close();
      for (const late of better) late.then((other) => other === next || other.close(), () => undefined);
    }
    return next;
  }

  /** Opened beside the lesser one, which goes on telling meanwhile: a channel that hangs costs nobody anything. */
  async #better(candidates: readonly Channel[], signal: AbortSignal, over: AbortSignal): Promise<Session> {
    for (;;) {
      await pause(upgradeMs, over);
      const session = await this.#open(candidates, signal, over);
      if (session !== undefined) return session;
    }
  }
}
