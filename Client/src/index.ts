// A page needs FeedbackClient, the errors, and the types of what it shows. The other values are the parts that a client is made of,
// for an application that puts one of its own in the place of another: see FeedbackClientOptions.
export { backoffDelay, type BackoffPolicy, defaultBackoff } from "./backoff.js";
export type { Channel, ChannelName, ChannelSession, ChannelSink } from "./channels/channel.js";
export type { WebSocketConstructor } from "./channels/webSocketChannel.js";
export { FeedbackClient } from "./client.js";
export { FileNotKeptError, JournalError, ProblemError, UnreachableError } from "./errors.js";
export { type Attention, PageAttention } from "./following/attention.js";
export type { ConnectionState } from "./following/liveFeed.js";
export { Api, type ApiOptions, type RequestsPage } from "./http/api.js";
export type { Token } from "./http/caller.js";
export type { FileAnswer, SendFile } from "./http/upload.js";
export { IndexedDbJournal } from "./journal/indexedDbJournal.js";
export { IndexedDbShelf } from "./journal/indexedDbShelf.js";
export type { Journal, JournalEntry, JournalUpload } from "./journal/journal.js";
export { MemoryJournal } from "./journal/memoryJournal.js";
export { type FileShelf, MemoryShelf, shelfLimit } from "./journal/shelf.js";
export type { Describe, Notice } from "./notifier.js";
export type { FeedbackClientOptions, SubmitOptions } from "./options.js";
export type { Observation, RequestActions } from "./requests/observation.js";
export { outputOf } from "./requests/output.js";
export { isDone, type Phase, type RequestView } from "./requests/view.js";
export { type Exclusive, webLocks } from "./sending/exclusive.js";
export { type Readable, Store } from "./store.js";
export type { Line, TabMessage, Tabs } from "./tabs/line.js";
export { uuidV7 } from "./uuid.js";
export type * from "./wire.js";
