// @vitest-environment happy-dom
import { act, startTransition, StrictMode, useState } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FeedbackClient, JournalError, MemoryJournal, MemoryShelf } from "../src/index.js";
import { FeedbackProvider, useConnection, useRequest, useRequests, useSubmit } from "../src/react/index.js";
import { FakeAttention } from "./fakeAttention.js";
import { ScriptedChannel } from "./scriptedChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

const id = "01923456-789a-7fff-bfff-ffffffffffff";
const other = "01923456-789a-7fff-bfff-000000000000";
const unheard: unknown[] = [];
let server: ScriptedServer;
let channel: ScriptedChannel;
let journal: MemoryJournal;
let client: FeedbackClient;
let page: AbortController;
let root: Root;
let element: HTMLElement;

const text = (name: string) => element.querySelector(`.${name}`)?.textContent;
const settle = () => act(() => vi.advanceTimersByTimeAsync(0));
const render = (content: React.ReactNode) =>
  act(async () => {
    root.render(
      <StrictMode>
        <FeedbackProvider client={client}>{content}</FeedbackProvider>
      </StrictMode>,
    );
    await vi.advanceTimersByTimeAsync(0);
  });

function push(request: string, type: string, data: Record<string, unknown> = {}): void {
  const event = server.append(request, type, data);
  channel.sink?.changed({ id: request, from: event.version - 1, events: [event], status: server.document(request), cursor: `c${event.version}` });
}

function Shown({ name = "shown", request = id }: { readonly name?: string; readonly request?: string }) {
  const { view, output } = useRequest(request);
  return <p className={name}>{`${view.status?.status} ${view.events.length} ${output}`}</p>;
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  [server, channel, journal, page] = [new ScriptedServer(), new ScriptedChannel(), new MemoryJournal(), new AbortController()];
  for (const known of [id, other]) server.append(known, "request-accepted", { kind: "echo" });
  const parts = { api: server.api, journal, shelf: new MemoryShelf(), channels: [channel], tabs: false as const, attention: new FakeAttention() };
  client = new FeedbackClient({ ...parts, random: () => 0.5, onError: (error) => unheard.push(error) });
  void client.run(page.signal);
  await vi.advanceTimersByTimeAsync(0);
  element = document.createElement("div");
  root = createRoot(element);
});
afterEach(async () => {
  await act(() => root.unmount());
  page.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect(unheard.splice(0)).toEqual([]);
});

describe("useRequest", () => {
  it("shows a request live, with its events and output", async () => {
    await render(<Shown />);
    expect(text("shown")).toBe("Pending 1 ");
    await act(async () => push(id, "output-appended", { attempt: 1, run: "r", index: 0, chunk: "hello" }));
    expect(text("shown")).toBe("Running 2 hello");
  });

  it("shows another one when the id changes", async () => {
    await render(<Shown />);
    server.append(other, "attempt-started");
    await render(<Shown request={other} />);
    expect(text("shown")).toBe("Running 2 ");
  });

  it("watches as long as it is mounted, whatever strict mode does, and subscribes once", async () => {
    const observe = vi.spyOn(client, "observe");
    await render(<Shown />);
    expect(server.count(`GET /requests/${id}/events`)).toBe(1);
    const observed = observe.mock.calls.length;
    server.append(id, "attempt-started");
    await act(async () => push(id, "progress-reported"));
    await settle();
    expect(server.count(`GET /requests/${id}/events`)).toBe(2);
    expect(observe).toHaveBeenCalledTimes(observed);
    await act(() => root.render(null));
    server.append(id, "progress-reported");
    push(id, "progress-reported");
    await settle();
    expect(server.count(`GET /requests/${id}/events`)).toBe(2);
  });

  it("never shows two states of one request at a time, also while React renders in pieces", async () => {
    const differences: string[] = [];
    let show = (_count: number) => {};
    function Slow({ name }: { readonly name: string }) {
      const until = performance.now() + 2;
      while (performance.now() < until);
      return <Shown name={name} />;
    }
    function Many() {
      const [count, setCount] = useState(1);
      show = setCount;
      return Array.from({ length: count }, (_, index) => <Slow key={index} name="one" />);
    }
    vi.useRealTimers();
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
    root.render(<FeedbackProvider client={client}><Many /></FeedbackProvider>);
    await vi.waitFor(() => expect(text("one")).toBe("Pending 1 "));
    new MutationObserver(() => {
      const all = new Set([...element.querySelectorAll(".one")].map((one) => one.textContent));
      if (all.size > 1) differences.push([...all].join());
    }).observe(element, { childList: true, subtree: true, characterData: true });
    startTransition(() => show(30));
    for (let step = 0; step < 8; step++) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      push(id, "progress-reported");
    }
    await vi.waitFor(() => expect(element.querySelectorAll(".one")).toHaveLength(30), { timeout: 4000 });
    await vi.waitFor(() => expect(text("one")).toBe("Running 9 "));
    expect(differences).toEqual([]);
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  });

  it("hands out what the owner can do", async () => {
    let cancel: (() => Promise<void>) | undefined;
    function Cancel() {
      ({ cancel } = useRequest(id));
      return null;
    }
    await render(<><Cancel /><Shown /></>);
    await act(async () => void (await cancel?.()));
    expect(text("shown")).toMatch(/^Canceled/);
  });
});

describe("useRequests and useConnection", () => {
  it("show the list and how live it is", async () => {
    function List() {
      return <p className="list">{`${useRequests().length} ${useConnection().state}`}</p>;
    }
    await render(<List />);
    expect(text("list")).toBe("2 live");
    server.append("01923456-789a-7fff-bfff-111111111111", "request-accepted");
    await act(async () => {
      await channel.sink?.refresh(page.signal);
    });
    expect(text("list")).toBe("3 live");
  });

  it("need a provider", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    function Lost() {
      return <p>{useRequests().length}</p>;
    }
    expect(() => act(() => root.render(<Lost />))).toThrow("no <FeedbackProvider>");
  });
});

describe("useSubmit", () => {
  function Start() {
    const { submit, isPending, error, id: last } = useSubmit("echo");
    const state = `${isPending ? "pending" : "idle"} ${error instanceof Error ? error.name : ""} ${last ?? ""}`;
    return <button type="button" className="start" onClick={() => void submit({ text: "hi" })}>{state}</button>;
  }
  const click = () => element.querySelector<HTMLButtonElement>(".start")?.click();

  it("makes one request of a double click, and tells its id", async () => {
    await render(<Start />);
    await act(async () => {
      click();
      click();
      await vi.advanceTimersByTimeAsync(10);
    });
    expect(server.count("PUT /requests/")).toBe(1);
    const [entry] = await journal.all();
    expect(text("start")).toBe(`idle  ${entry?.id}`);
    await act(async () => {
      click();
      await vi.advanceTimersByTimeAsync(10);
    });
    expect(server.count("PUT /requests/")).toBe(2);
  });

  it("says why nothing was kept", async () => {
    journal.put = () => Promise.reject(new JournalError("full"));
    await render(<Start />);
    await act(async () => {
      click();
      await vi.advanceTimersByTimeAsync(10);
    });
    expect(text("start")).toBe("idle JournalError ");
    expect(server.count("PUT /requests/")).toBe(0);
  });
});
