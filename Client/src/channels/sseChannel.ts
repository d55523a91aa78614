import type { Channel, ChannelSession, ChannelSink } from "./channel.js";
import { UnreachableError } from "../errors.js";
import type { Changed } from "../wire.js";

/** `/me/events` as server-sent events, for networks that let no WebSocket through. */
export class SseChannel implements Channel {
  readonly name = "sse";
  readonly #url: string;
  readonly #connect: (url: string) => EventSource;

  constructor(url: string, connect: (url: string) => EventSource = (target) => new EventSource(target)) {
    this.#url = url;
    this.#connect = connect;
  }

  async open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession> {
    const source = this.#connect(this.#url);
    const heard = (event: MessageEvent<string>) => sink.changed(JSON.parse(event.data) as Changed);
    source.addEventListener("message", heard);
    source.addEventListener("changed", heard);
    const opened = new Promise<true>((resolve) => (source.onopen = () => resolve(true)));
    const closed = new Promise<void>((resolve) => {
      const close = () => {
        source.close();
        resolve();
      };
      // Its own reconnect is not used: the feed decides on the next way to connect, and catches up there.
      source.onerror = close;
      signal.addEventListener("abort", close, { once: true });
    });
    if ((await Promise.race([opened, closed])) !== true) throw new UnreachableError("The event stream did not open.");
    // Listening first, reading second: what happens in between arrives twice, never not at all.
    await sink.refresh(signal);
    return { closed };
  }
}
