import type { Channel, ChannelName, ChannelSession, ChannelSink, SyncAnswer, SyncRequest } from "../src/index.js";

/** A channel that connects, fails and breaks when the test says so. */
export class ScriptedChannel implements Channel {
  sink: ChannelSink | undefined;
  opened = 0;
  works = true;
  /** Answers as the hub does, instead of leaving the reading to the client. */
  sync: ((position: SyncRequest) => SyncAnswer) | undefined;
  isOpen = false;
  closesAfterMs = 0;
  lose: () => void = () => {};
  /** Whether it answers when it is asked if it lives; undefined when it cannot be asked. */
  answers: boolean | undefined;
  checked = 0;

  constructor(readonly name: ChannelName = "websocket") {}

  async open(sink: ChannelSink, signal: AbortSignal): Promise<ChannelSession> {
    this.opened++;
    if (!this.works) throw new Error("This way is closed.");
    this.sink = sink;
    await (this.sync ? sink.synced(this.sync(sink.position()), signal) : sink.refresh(signal));
    this.isOpen = true;
    const closed = new Promise<void>((resolve) => {
      const close = () => {
        this.isOpen = false;
        resolve();
      };
      this.lose = close;
      signal.addEventListener("abort", () => (this.closesAfterMs > 0 ? setTimeout(close, this.closesAfterMs) : close()));
    });
    const check = () => {
      this.checked++;
      return this.answers ? Promise.resolve() : new Promise(() => {});
    };
    return this.answers === undefined ? { closed } : { closed, check };
  }
}
