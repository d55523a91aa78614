import { UnreachableError } from "../errors.js";
import type { Api } from "../http/api.js";
import type { Changed } from "../wire.js";
import type { Channel, ChannelSession, ChannelSink } from "./channel.js";
import { readEvents } from "./eventStream.js";

/** The server sends a comment every 15 seconds; a connection that is this silent is none. */
const silenceMs = 40_000;
/** One that is looked at anew is not waited for any longer than a comment may be late. */
const lateMs = 20_000;

/** `/me/events` as server-sent events, for networks that let no WebSocket through. */
export class SseChannel implements Channel {
  readonly name = "sse";
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession> {
    const { since } = sink.position();
    const life = new AbortController();
    const end = () => life.abort();
    signal.addEventListener("abort", end, { once: true });
    const body = await this.#api.stream("/me/events", { Accept: "text/event-stream", ...(since === null ? {} : { "Last-Event-ID": since }) }, life.signal);
    // Listening first, reading second: what happens in between arrives twice, never not at all.
    let [begin, heardAt] = [() => {}, Date.now()];
    const heard = () => {
      heardAt = Date.now();
      begin();
    };
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const closed = this.#listen(body, sink, heard, end).catch(() => undefined).finally(() => signal.removeEventListener("abort", end));
    try {
      // The server sends a comment at once: where a proxy keeps that back, it keeps back the events too.
      await Promise.race([begun, closed.then(() => Promise.reject(new UnreachableError("The stream is empty.")))]);
      await sink.refresh(signal);
    } catch (error) {
      end();
      throw error;
    }
    return {
      closed,
      check: async () => {
        if (Date.now() - heardAt > lateMs) throw new UnreachableError("The stream is silent.");
      },
    };
  }

  /** However it ends, the feed decides on the next way to connect, and catches up there. */
  async #listen(body: ReadableStream<Uint8Array>, sink: ChannelSink, noted: () => void, end: () => void): Promise<void> {
    let silence = setTimeout(end, silenceMs);
    const heard = () => {
      noted();
      clearTimeout(silence);
      silence = setTimeout(end, silenceMs);
    };
    try {
      for await (const { type, data } of readEvents(body, heard)) if (type === "changed") sink.changed(JSON.parse(data) as Changed);
    } finally {
      clearTimeout(silence);
      end();
    }
  }
}
