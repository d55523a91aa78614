import { vi } from "vitest";
import { type Changed, FeedbackClient, MemoryJournal, MemoryShelf, type RequestView, type Tabs } from "../src/index.js";
import { FakeAttention } from "./fakeAttention.js";
import { FakeBrowser } from "./fakeTabs.js";
import { ScriptedChannel } from "./scriptedChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

export const id = "01923456-789a-7fff-bfff-ffffffffffff";
export const other = "01923456-789a-7fff-bfff-000000000000";

export interface Tab {
  readonly client: FeedbackClient;
  readonly channel: ScriptedChannel;
  readonly attention: FakeAttention;
  readonly states: string[];
  crash(): void;
  freeze(): void;
  thaw(): void;
}

export interface TabOptions {
  readonly owner?: string;
  readonly polls?: boolean;
  readonly answers?: boolean;
  readonly locks?: Tabs["locks"];
}

export const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
export const versions = ({ client }: Tab) => client.observe(id).get().events.map((event) => event.version);

/** The tabs of one browser, at a server that has one request. */
export class BrowserTabs {
  readonly server = new ScriptedServer();
  readonly tabs: Tab[] = [];
  readonly unheard: unknown[] = [];
  readonly #browser = new FakeBrowser();

  constructor() {
    this.server.append(id, "request-accepted", { kind: "echo" });
  }

  readonly saidChanges = () => this.#browser.said.filter(({ tell }) => tell === "changed").length;

  readonly connected = () => this.tabs.map(({ channel }) => channel.opened);

  readonly open = async (options: TabOptions = {}): Promise<Tab> => {
    const page = new AbortController();
    const [channel, attention, own] = [new ScriptedChannel(options.polls ? "polling" : "websocket"), new FakeAttention(), this.#browser.tab()];
    channel.answers = options.answers;
    if (!options.polls) channel.sync = ({ known }) => ({ changes: this.#missed(known[id]), requests: [], cursor: "c0" });
    const tabs = options.locks ? { ...own, locks: options.locks } : own;
    const parts = { api: this.server.api, journal: new MemoryJournal(), shelf: new MemoryShelf(), channels: [channel], attention, tabs };
    const notify = (view: RequestView) => ({ title: `${view.id} has ended` });
    const client = new FeedbackClient({ ...parts, notify, baseUrl: options.owner ?? "", random: () => 0.5, onError: (error) => this.unheard.push(error) });
    const states: string[] = [];
    client.connection.subscribe(() => states.push(client.connection.get().state));
    const crash = () => {
      own.crash();
      page.abort();
    };
    const opened = { client, channel, attention, states, freeze: own.freeze, thaw: own.thaw, crash };
    this.tabs.push(opened);
    void client.run(page.signal);
    await settle();
    return opened;
  };

  /** Appends an event and pushes it over the one connection. */
  readonly push = (tab: Tab, type: string): Changed => {
    const event = this.server.append(id, type);
    const changed = { id, from: event.version - 1, events: [event], status: this.server.document(id), cursor: `c${event.version}` };
    tab.channel.sink?.changed(changed);
    return changed;
  };

  async close(): Promise<void> {
    for (const tab of this.tabs) tab.crash();
    await settle();
  }

  #missed(from = Number.NaN): readonly Changed[] {
    const events = this.server.streams.get(id)?.slice(from) ?? [];
    return events.length === 0 || Number.isNaN(from) ? [] : [{ id, from, events, status: this.server.document(id), cursor: "c0" }];
  }
}
