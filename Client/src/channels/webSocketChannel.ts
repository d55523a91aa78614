import type { Changed, SyncAnswer } from "../wire.js";
import type { Channel, ChannelSession, ChannelSink } from "./channel.js";

/** What opens a WebSocket, for where there is none, or one of its own is wanted: `ws` in Node, for example. */
export type WebSocketConstructor = new (url: string, protocols?: string | string[], options?: unknown) => unknown;

export interface WebSocketOptions {
  /** Who is calling, where no browser says so: a header with a WebSocket is only possible outside of browsers. */
  readonly headers?: () => Promise<Record<string, string>>;
  readonly webSocket?: WebSocketConstructor | undefined;
}

/** SignalR over a bare WebSocket. Without negotiation any replica may take the connection: no sticky sessions. */
export class WebSocketChannel implements Channel {
  readonly name = "websocket";
  readonly #url: string;
  readonly #options: WebSocketOptions;

  constructor(url: string, options: WebSocketOptions = {}) {
    this.#url = url;
    this.#options = options;
  }

  async open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession> {
    // Loaded here, so that nobody pays for it before the first connection.
    const { HttpTransportType, HubConnectionBuilder, LogLevel } = await import("@microsoft/signalr");
    const { headers, webSocket } = this.#options;
    const more = { ...(headers && { headers: await headers() }), ...(webSocket && { WebSocket: webSocket as unknown as typeof WebSocket }) };
    signal.throwIfAborted();
    const hub = new HubConnectionBuilder()
      .withUrl(this.#url, { skipNegotiation: true, transport: HttpTransportType.WebSockets, ...more })
      .configureLogging(LogLevel.None)
      .build();
    const closed = new Promise<void>((resolve) => hub.onclose(() => resolve()));
    hub.on("Changed", (changed: Changed) => sink.changed(changed));
    signal.addEventListener("abort", () => void hub.stop().catch(() => undefined), { once: true });
    await hub.start();
    await sink.synced(await hub.invoke<SyncAnswer>("Sync", sink.position()), signal);
    // Any answer is one, also that of a server which does not know the question.
    return { closed, check: () => hub.invoke("Ping").catch(() => undefined) };
  }
}
