import { backoffDelay } from "../backoff.js";
import type { ChannelSink } from "../channels/channel.js";
import { isAborted } from "../errors.js";
import type { Attention } from "../following/attention.js";
import type { Follower } from "../following/follower.js";
import { type ConnectionState, LiveFeed, type LiveFeedParts } from "../following/liveFeed.js";
import { linked, pause } from "../pause.js";
import { type Readable, Store } from "../store.js";
import type { Identity } from "../wire.js";
import { FollowingTab, hiddenPingMs, pingMs } from "./followingTab.js";
import type { Line, TabMessage, Tabs } from "./line.js";

export interface SharedFeedParts extends Omit<LiveFeedParts, "sink" | "identify"> {
  readonly follower: Follower;
  readonly identify: (signal: AbortSignal) => Promise<Identity>;
  /** Absent: this tab has a connection of its own. */
  readonly tabs: Tabs | undefined;
  /** Which server: tabs that use another one are no concern of ours. */
  readonly scope: string;
}

/** One connection for all tabs of a person: the one that holds the lock leads, and tells the others what it hears. */
export class SharedFeed {
  readonly #parts: SharedFeedParts;
  readonly #connection = new Store<ConnectionState>({ state: "stopped" });
  #watched: Attention | undefined;

  constructor(parts: SharedFeedParts) {
    this.#parts = parts;
  }

  get connection(): Readable<ConnectionState> {
    return this.#connection;
  }

  /** Whether it is this tab's turn to tell what nobody sees: it leads, and no other tab is looked at. */
  get isUnwatched(): boolean {
    return this.#watched !== undefined && !this.#watched.isHere();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { tabs } = this.#parts;
    this.#show({ state: "catching-up" });
    try {
      if (tabs === undefined) await this.#lead(undefined, signal);
      else await this.#share(tabs, signal).catch((error: unknown) => {
        // A sandboxed frame has locks that it may not use.
        if (!(error instanceof DOMException && error.name === "SecurityError")) throw error;
        return this.#lead(undefined, signal);
      });
    } catch (error) {
      if (!isAborted(error)) throw error;
    } finally {
      this.#connection.set({ state: "stopped" });
    }
  }

  async #share(tabs: Tabs, signal: AbortSignal): Promise<void> {
    // By the owner: a tab of somebody else hears nothing of this.
    const name = `aspire-feedback/feed/${this.#parts.scope}/${(await this.#identify(signal)).id}`;
    const line = tabs.open(name);
    try {
      for (let takesOver = false; !signal.aborted; ) takesOver = await this.#turn(tabs, name, line, takesOver, signal);
    } finally {
      line.close();
    }
  }

  /** Follows until there is no leader, then leads. True when there is one that does not answer: its place is to be taken. */
  async #turn(tabs: Tabs, name: string, line: Line, takesOver: boolean, signal: AbortSignal): Promise<boolean> {
    const [waiting, term] = [linked(signal), linked(signal)];
    const show = (state: ConnectionState) => this.#show(state);
    const following = takesOver ? Promise.resolve(false) : new FollowingTab(line, { ...this.#parts, show }).run(waiting.signal);
    following.then((isHung) => isHung && waiting.abort(), () => undefined);
    let leading: Promise<void> | undefined;
    const lead = async () => {
      waiting.abort();
      await following;
      await this.#lead(line, term.signal);
    };
    try {
      await tabs.locks.request(name, takesOver ? { steal: true } : { signal: waiting.signal }, () => (leading = lead()));
    } catch (error) {
      // Waited in vain, or another tab has taken our place.
      if (!isAborted(error)) throw error;
    } finally {
      waiting.abort();
      term.abort();
      await leading;
    }
    // Of a tab that has led meanwhile, what it had followed is nobody's concern any more.
    return leading === undefined && (await following);
  }

  async #lead(line: Line | undefined, signal: AbortSignal): Promise<void> {
    const { attention, follower, nudge } = this.#parts;
    let [pingedAt, heardAt, untold] = [-Infinity, -Infinity, 0];
    // Each change is copied for all who listen: worth it only where somebody does.
    const say = (message: TabMessage) => {
      if (performance.now() - heardAt < 3 * hiddenPingMs) line?.postMessage(message);
      else untold++;
    };
    const watched: Attention = { ...wrap(attention), isHere: () => attention.isHere() || performance.now() - pingedAt < 3 * pingMs };
    const feed = new LiveFeed({ ...this.#parts, attention: watched, sink: line === undefined ? follower : telling(follower, say) });
    const tell = () => line?.postMessage({ tell: "state", state: feed.connection.get(), isHidden: !attention.isHere(), untold });
    const told = () => {
      if (signal.aborted) return;
      this.#show(feed.connection.get());
      tell();
    };
    const stops = [feed.connection.subscribe(told), attention.subscribe(() => attention.isHere() && feed.check())];
    if (line !== undefined) {
      line.onmessage = ({ data }) => {
        if (data.tell !== "ping") return;
        const wasHere = watched.isHere();
        heardAt = performance.now();
        if (!data.isHidden) pingedAt = heardAt;
        tell();
        if (watched.isHere() && !attention.isHere()) feed.check();
        if (watched.isHere() && !wasHere) nudge.dispatchEvent(new Event("nudge"));
      };
    }
    this.#watched = watched;
    try {
      await feed.run(signal);
    } finally {
      for (const stop of stops) stop();
      this.#watched = undefined;
      if (line !== undefined) line.onmessage = null;
    }
  }

  async #identify(signal: AbortSignal): Promise<Identity> {
    const { identify, nudge, random } = this.#parts;
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      try {
        return await identify(signal);
      } catch {
        signal.throwIfAborted();
        const delay = backoffDelay(attempt, random());
        this.#show({ state: "offline", retryAt: Date.now() + delay });
        await pause(delay, signal, nudge);
      }
    }
  }

  /** The leading tab repeats itself in answer to every ping; who watches the state hears only what is new. */
  #show(state: ConnectionState): void {
    if (JSON.stringify(state) !== JSON.stringify(this.#connection.get())) this.#connection.set(state);
  }
}

function wrap(attention: Attention): Omit<Attention, "isHere"> {
  return { wantsNews: () => attention.wantsNews(), isOnline: () => attention.isOnline(), subscribe: (listener) => attention.subscribe(listener) };
}

function telling(follower: Follower, say: (message: TabMessage) => void): ChannelSink {
  return {
    position: () => follower.position(),
    mostWanted: () => follower.mostWanted(),
    // The others read for themselves what was before the connection.
    synced: (answer, signal) => follower.synced(answer, signal),
    changed: (changed) => {
      follower.changed(changed);
      say({ tell: "changed", changed });
    },
    refresh: async (signal) => {
      say({ tell: "list", statuses: await follower.refresh(signal) });
    },
  };
}
