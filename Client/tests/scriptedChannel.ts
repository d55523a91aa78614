import type { Channel, ChannelName, ChannelSession, ChannelSink } from "../src/index.js";

/** A channel that connects, fails and breaks when the test says so. */
export class ScriptedChannel implements Channel {
  sink: ChannelSink | undefined;
  opened = 0;
  works = true;
  lose: () => void = () => {};

  constructor(readonly name: ChannelName = "websocket") {}

  async open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession> {
    this.opened++;
    if (!this.works) throw new Error("This way is closed.");
    this.sink = sink;
    await sink.refresh(signal);
    const closed = new Promise<void>((resolve) => {
      this.lose = resolve;
      signal.addEventListener("abort", () => resolve());
    });
    return { closed };
  }
}
