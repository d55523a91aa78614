import type { Channel } from "./channels/channel.js";
import { PollingChannel } from "./channels/pollingChannel.js";
import { SseChannel } from "./channels/sseChannel.js";
import { WebSocketChannel, type WebSocketConstructor } from "./channels/webSocketChannel.js";
import { alwaysHere, type Attention, PageAttention } from "./following/attention.js";
import { Api } from "./http/api.js";
import type { Token } from "./http/caller.js";
import { Database } from "./journal/database.js";
import { IndexedDbJournal } from "./journal/indexedDbJournal.js";
import { IndexedDbShelf } from "./journal/indexedDbShelf.js";
import type { Journal } from "./journal/journal.js";
import { MemoryJournal } from "./journal/memoryJournal.js";
import { OwnJournal } from "./journal/ownJournal.js";
import { type FileShelf, MemoryShelf } from "./journal/shelf.js";
import { canNotify, type Describe } from "./notifier.js";
import { type Exclusive, webLocks } from "./sending/exclusive.js";
import { browserTabs, type Tabs } from "./tabs/line.js";

export interface FeedbackClientOptions {
  /** Where the server is; the page's own origin when left out. */
  readonly baseUrl?: string;
  /** A bearer token for callers without a cookie. A browser sends none with a WebSocket: there such a client reads server-sent events. */
  readonly token?: Token;
  /** Opens WebSockets in Node, instead of the one that SignalR brings along. */
  readonly webSocket?: WebSocketConstructor;
  /** What to tell of a request that ended while nobody looked; the page has asked for the permission. */
  readonly notify?: Describe;
  /** IndexedDB when left out, or the memory where there is none. */
  readonly journal?: Journal;
  readonly shelf?: FileShelf;
  readonly api?: Api;
  /** In order of preference. */
  readonly channels?: readonly Channel[];
  readonly exclusive?: Exclusive;
  /** One connection for all tabs; false for one of its own. */
  readonly tabs?: Tabs | false;
  readonly attention?: Attention;
  readonly random?: () => number;
  /** Hears of what nobody awaits, such as a journal that fails in the background. */
  readonly onError?: (error: unknown) => void;
}

export interface SubmitOptions {
  /** What the person would call it; stays on this device. Elsewhere a request is called by the names of its files. */
  readonly label?: string;
  /** Files to upload first; each one's id is put into the payload under its key. */
  readonly files?: Readonly<Record<string, File>>;
  /** RFC 3339; the server's default when left out. */
  readonly deadline?: string;
  /** Stops before anything is written down; afterwards there is `cancel`. */
  readonly signal?: AbortSignal;
}

/** Every option, with what this environment has in the place of those that were left out. */
export function complete(options: FeedbackClientOptions) {
  const { baseUrl = "", notify } = options;
  const api = options.api ?? new Api({ baseUrl, token: options.token });
  const isPage = typeof document !== "undefined";
  const database = typeof indexedDB === "undefined" ? undefined : new Database();
  return {
    api,
    baseUrl,
    notify,
    journal: new OwnJournal(options.journal ?? (database ? new IndexedDbJournal(database) : new MemoryJournal()), api.identity),
    shelf: options.shelf ?? (database ? new IndexedDbShelf(database) : new MemoryShelf()),
    channels: options.channels ?? channels(api, options),
    exclusive: options.exclusive ?? webLocks,
    tabs: options.tabs === false ? undefined : (options.tabs ?? browserTabs()),
    attention: options.attention ?? (isPage ? new PageAttention(() => notify !== undefined && canNotify()) : alwaysHere),
    random: options.random ?? Math.random,
    onError: options.onError ?? (typeof reportError === "function" ? reportError : (error: unknown) => console.error(error)),
  };
}

function channels(api: Api, { token, webSocket }: FeedbackClientOptions): readonly Channel[] {
  const others = [new SseChannel(api), new PollingChannel(api)];
  const url = api.url("/feedback");
  if (typeof document === "undefined") return [new WebSocketChannel(url, { headers: () => api.headers(), webSocket }), ...others];
  return token === undefined ? [new WebSocketChannel(url), ...others] : others;
}
