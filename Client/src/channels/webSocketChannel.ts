import type { Channel, ChannelSession, ChannelSink } from "./channel.js";
import type { Changed, SyncAnswer } from "../wire.js";

/** SignalR over a bare WebSocket. Without negotiation any replica may take the connection: no sticky sessions. */
export class WebSocketChannel implements Channel {
  readonly name = "websocket";
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession> {
    // Loaded here, so that nobody pays for it before the first connection.
    const { HttpTransportType, HubConnectionBuilder, LogLevel } = await import("@microsoft/signalr");
    signal.throwIfAborted();
    const hub = new HubConnectionBuilder()
      .withUrl(this.#url, { skipNegotiation: true, transport: HttpTransportType.WebSockets })
      .configureLogging(LogLevel.None)
      .build();
    const closed = new Promise<void>((resolve) => hub.onclose(() => resolve()));
    hub.on("Changed", (changed: Changed) => sink.changed(changed));
    signal.addEventListener("abort", () => void hub.stop(), { once: true });
    await hub.start();
    await sink.synced(await hub.invoke<SyncAnswer>("Sync", sink.position()), signal);
    return { closed };
  }
}
