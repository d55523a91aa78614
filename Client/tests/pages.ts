import { FeedbackClient, type Journal, MemoryJournal, MemoryShelf } from "../src/index.js";
import { FakeAttention } from "./fakeAttention.js";
import { ScriptedChannel } from "./scriptedChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

/** The pages of one browser, one after the other, over the same journal and shelf. */
export class Pages {
  readonly server = new ScriptedServer();
  readonly journal = new MemoryJournal();
  readonly shelf = new MemoryShelf();
  readonly attention = new FakeAttention();
  readonly unheard: unknown[] = [];
  #page = new AbortController();

  /** A page load: a new client. With a journal of its own it is on another device. */
  load(journal: Journal = this.journal): FeedbackClient {
    const exclusive = (_name: string, _signal: AbortSignal, work: () => Promise<void>) => work();
    const { attention, server, shelf } = this;
    const parts = { api: server.api, attention, journal, shelf, channels: [new ScriptedChannel()], exclusive };
    const client = new FeedbackClient({ ...parts, random: () => 0.5, onError: (error) => this.unheard.push(error) });
    this.run(client);
    return client;
  }

  run(client: FeedbackClient): void {
    this.#page = new AbortController();
    void client.run(this.#page.signal);
  }

  close(): void {
    this.#page.abort();
  }
}
