import { vi } from "vitest";
import { type Changed, FeedbackClient, MemoryJournal, MemoryShelf } from "../src/index.js";
import { ScriptedChannel } from "./scriptedChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

export const id = "01923456-789a-7fff-bfff-ffffffffffff";

/** A page that is connected, at a server that has one request. */
export class FollowedPage {
  readonly server = new ScriptedServer();
  readonly channel = new ScriptedChannel();
  readonly unheard: unknown[] = [];
  readonly client: FeedbackClient;
  page = new AbortController();

  constructor() {
    this.server.append(id, "request-accepted", { kind: "echo" });
    const parts = { api: this.server.api, journal: new MemoryJournal(), shelf: new MemoryShelf(), channels: [this.channel] };
    this.client = new FeedbackClient({ ...parts, random: () => 0.5, onError: (error) => this.unheard.push(error) });
  }

  async run(): Promise<this> {
    void this.client.run(this.page.signal);
    await vi.advanceTimersByTimeAsync(0);
    return this;
  }

  /** Appends an event and pushes it, as the server would after the commit. */
  push(type: string, data: Record<string, unknown> = {}): Changed {
    const event = this.server.append(id, type, data);
    const changed = { id, from: event.version - 1, events: [event], status: this.server.document(id), cursor: `c${event.version}` };
    this.channel.sink?.changed(changed);
    return changed;
  }
}
