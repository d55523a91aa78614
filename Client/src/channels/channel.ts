import type { Changed, SyncAnswer, SyncRequest } from "../wire.js";

export type ChannelName = "websocket" | "sse" | "polling";

/** What a channel reads from and tells the client. */
export interface ChannelSink {
  position(): SyncRequest;
  changed(changed: Changed): void;
  synced(answer: SyncAnswer, signal: AbortSignal): Promise<void>;
  /** Reads the newest requests over HTTP, for channels that cannot replay what was missed. */
  refresh(signal: AbortSignal): Promise<unknown>;
  /** The open request somebody looks at, or else the newest open one. */
  mostWanted(): { readonly id: string; readonly version: number } | undefined;
}

export interface ChannelSession {
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  /** Resolves once the connection has shown that it lives; where there is no telling, it is left out. */
  readonly check?: () => Promise<unknown>;
}

/** One way to hear of changes. */
export interface Channel {
  readonly name: ChannelName;
  /** Connects and catches up; rejects when that did not work. From then on every change reaches the sink, until `signal` aborts. */
  open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession>;
}
