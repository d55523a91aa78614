import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Changed, ChannelSink, SyncAnswer } from "../src/index.js";
import { PollingChannel } from "../src/channels/pollingChannel.js";
import { SseChannel } from "../src/channels/sseChannel.js";
import { WebSocketChannel } from "../src/channels/webSocketChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

const hub = vi.hoisted(() => ({
  url: "",
  options: {} as Record<string, unknown>,
  handlers: new Map<string, (value: unknown) => void>(),
  closed: () => {},
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  invoke: (_method: string, _argument: unknown): Promise<unknown> => Promise.resolve(),
}));
vi.mock("@microsoft/signalr", () => ({
  HttpTransportType: { WebSockets: 1 },
  LogLevel: { None: 6 },
  HubConnectionBuilder: class {
    withUrl(url: string, options: Record<string, unknown>) {
      Object.assign(hub, { url, options });
      return this;
    }
    configureLogging() {
      return this;
    }
    build() {
      const on = (name: string, handler: (value: unknown) => void) => void hub.handlers.set(name, handler);
      return { on, onclose: (listener: () => void) => (hub.closed = listener), start: hub.start, stop: hub.stop, invoke: hub.invoke };
    }
  },
}));

const position = { since: "c1", known: { a: 3 } };
let heard: Changed[];
let synced: SyncAnswer[];
let refreshed: number;
let sink: ChannelSink;
let life: AbortController;

beforeEach(() => {
  [heard, synced, refreshed, life] = [[], [], 0, new AbortController()];
  sink = {
    position: () => position,
    changed: (changed) => void heard.push(changed),
    synced: async (answer) => void synced.push(answer),
    refresh: async () => void refreshed++,
    mostWanted: () => undefined,
  };
});

describe("the WebSocket", () => {
  it("needs no negotiation, says what is known, and listens before it asks", async () => {
    const answer = { changes: [], requests: [], cursor: "c2" };
    hub.invoke = vi.fn(async () => {
      hub.handlers.get("Changed")?.({ id: "early" });
      return answer;
    });
    await new WebSocketChannel("/feedback").open(sink, life.signal);
    expect([hub.url, hub.options]).toEqual(["/feedback", { skipNegotiation: true, transport: 1 }]);
    expect(hub.invoke).toHaveBeenCalledWith("Sync", position);
    expect(synced).toEqual([answer]);
    expect(heard.map((changed) => changed.id)).toEqual(["early"]);
  });

  it("tells when it is lost, and stops with its signal", async () => {
    hub.stop = vi.fn(async () => hub.closed());
    const { closed } = await new WebSocketChannel("/feedback").open(sink, life.signal);
    life.abort();
    await closed;
    expect(hub.stop).toHaveBeenCalled();
  });

  it("is no connection when the sync fails", async () => {
    hub.invoke = () => Promise.reject(new Error("no"));
    await expect(new WebSocketChannel("/feedback").open(sink, life.signal)).rejects.toThrow("no");
  });
});

class FakeEventSource extends EventTarget {
  onopen: (() => void) | undefined;
  onerror: (() => void) | undefined;
  readonly close = vi.fn();
}

describe("server-sent events", () => {
  const open = (source: FakeEventSource) => new SseChannel("/me/events", () => source as unknown as EventSource).open(sink, life.signal);

  it("listen first and read what was missed second", async () => {
    const source = new FakeEventSource();
    const opening = open(source);
    source.onopen?.();
    await opening;
    source.dispatchEvent(new MessageEvent("message", { data: JSON.stringify({ id: "a", from: 1 }) }));
    expect([refreshed, heard]).toEqual([1, [{ id: "a", from: 1 }]]);
  });

  it("are lost at the first error, so that the feed decides what comes next", async () => {
    const source = new FakeEventSource();
    const opening = open(source);
    source.onopen?.();
    const { closed } = await opening;
    source.onerror?.();
    await closed;
    expect(source.close).toHaveBeenCalled();
  });

  it("are no connection when they do not open", async () => {
    const source = new FakeEventSource();
    const opening = open(source);
    source.onerror?.();
    await expect(opening).rejects.toThrow("did not open");
  });
});

describe("polling", () => {
  it("waits at the server for the request that matters most", async () => {
    const server = new ScriptedServer();
    server.append("a", "request-accepted");
    server.append("a", "attempt-started");
    sink.mostWanted = () => ({ id: "a", version: 1 });
    sink.changed = (changed) => {
      heard.push(changed);
      life.abort();
    };
    await (await new PollingChannel(server.api).open(sink, life.signal)).closed;
    expect(heard[0]?.status.version).toBe(2);
    expect(server.headers.get("GET /requests/a")?.get("If-None-Match")).toBe('W/"1"');
    expect(server.headers.get("GET /requests/a")?.get("Prefer")).toBe("wait=5");
  });

  it("is lost when the server is", async () => {
    const server = new ScriptedServer();
    sink.mostWanted = () => ({ id: "a", version: 1 });
    const { closed } = await new PollingChannel(server.api).open(sink, life.signal);
    server.isDown = true;
    await closed;
  });
});
