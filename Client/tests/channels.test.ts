import { beforeEach, describe, expect, it, vi } from "vitest";
import { Api, type Changed, type ChannelSink, ProblemError, type SyncAnswer, UnreachableError } from "../src/index.js";
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

  it("says who is calling where no browser does, on a WebSocket of one's own", async () => {
    hub.invoke = () => Promise.resolve({ changes: [], requests: [], cursor: "c2" });
    class Own {}
    await new WebSocketChannel("/feedback", { headers: async () => ({ Cookie: "guest=1" }), webSocket: Own }).open(sink, life.signal);
    expect(hub.options).toMatchObject({ headers: { Cookie: "guest=1" }, WebSocket: Own });
  });

  it("takes any answer to its question for a sign of life", async () => {
    const asked: string[] = [];
    hub.invoke = (method) => {
      asked.push(method);
      return method === "Sync" ? Promise.resolve() : Promise.reject(new Error("Method does not exist."));
    };
    const { check } = await new WebSocketChannel("/feedback").open(sink, life.signal);
    await check?.();
    expect(asked).toEqual(["Sync", "Ping"]);
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

describe("server-sent events", () => {
  let stream: ReadableStreamDefaultController<Uint8Array>;
  let headers: Headers | undefined;
  let isHeldBack = false;
  const write = (text: string) => stream.enqueue(new TextEncoder().encode(text));
  const open = (status = 200) => {
    const api = new Api({
      fetch: (input, init) => {
        if (String(input).endsWith("/me")) return Promise.resolve(new Response("{}"));
        headers = new Headers(init?.headers);
        if (status !== 200) return Promise.resolve(new Response("{}", { status }));
        const body = new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) });
        if (!isHeldBack) write(": open\n\n");
        // As a real response does.
        init?.signal?.addEventListener("abort", () => stream.error(new Error("aborted")));
        return Promise.resolve(new Response(body));
      },
      token: () => Promise.resolve("secret"),
    });
    return new SseChannel(api).open(sink, life.signal);
  };

  it("listen first, go on from the last cursor of any channel, and read the list second", async () => {
    await open();
    expect([headers?.get("Last-Event-ID"), headers?.get("Authorization"), refreshed]).toEqual(["c1", "Bearer secret", 1]);
  });

  it("arrive whole, however they are cut into parts", async () => {
    await open();
    write(": open\n\nid: c2\nevent: chan");
    write('ged\ndata: {"id":"a","from":1}\n\nid: c3\nevent: other\ndata: {}\n\nevent: changed\r\ndata: {"id":\r\ndata: "b"}\r\n\r\n');
    await vi.waitFor(() => expect(heard).toEqual([{ id: "a", from: 1 }, { id: "b" }]));
  });

  it("are in order when asked, until a comment is late", async () => {
    vi.useFakeTimers();
    try {
      const { check } = await open();
      await vi.advanceTimersByTimeAsync(20_000);
      await check?.();
      await vi.advanceTimersByTimeAsync(1);
      await expect(check?.()).rejects.toBeInstanceOf(UnreachableError);
      write(":\n\n");
      await vi.advanceTimersByTimeAsync(0);
      await check?.();
    } finally {
      vi.useRealTimers();
    }
  });

  it("are lost when the stream ends", async () => {
    const { closed } = await open();
    stream.close();
    await closed;
  });

  it("are lost when nothing is heard for long, and stay while heartbeats come", async () => {
    vi.useFakeTimers();
    try {
      const { closed } = await open();
      let isClosed = false;
      void closed.then(() => (isClosed = true));
      await vi.advanceTimersByTimeAsync(30_000);
      write(":\n\n");
      await vi.advanceTimersByTimeAsync(30_000);
      expect(isClosed).toBe(false);
      await vi.advanceTimersByTimeAsync(10_001);
      expect(isClosed).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it("are no connection where a proxy keeps back what the server sends", async () => {
    isHeldBack = true;
    const opened = open();
    opened.catch(() => undefined);
    const first = await Promise.race([opened, new Promise((resolve) => setTimeout(resolve, 50, "nothing"))]);
    expect([first, refreshed]).toEqual(["nothing", 0]);
    life.abort();
    await expect(opened).rejects.toBeInstanceOf(UnreachableError);
    isHeldBack = false;
  });

  it("are no connection when they are refused", async () => {
    await expect(open(503)).rejects.toBeInstanceOf(ProblemError);
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
