import type { Api } from "../http/api.js";
import type { Channel, ChannelSession, ChannelSink } from "./channel.js";
import { pause } from "../pause.js";

const waitSeconds = 5;
const idleMs = 5_000;

/** The last resort: a long-poll on the request that matters most, and the list between two of them. */
export class PollingChannel implements Channel {
  readonly name = "polling";
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession> {
    await sink.refresh(signal);
    // A failed round is this channel's way of losing the connection.
    return { closed: this.#poll(sink, signal).catch(() => undefined) };
  }

  async #poll(sink: ChannelSink, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const wanted = sink.mostWanted();
      if (wanted === undefined) await pause(idleMs, signal);
      else {
        const status = await this.#api.readAfter(wanted.id, wanted.version, waitSeconds, signal);
        if (status !== undefined) sink.changed({ id: status.id, from: status.version, events: [], status, cursor: "" });
      }
      await sink.refresh(signal);
    }
  }
}
