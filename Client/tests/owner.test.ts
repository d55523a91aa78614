import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FeedbackClient, type Identity, MemoryJournal, MemoryShelf } from "../src/index.js";
import { ScriptedChannel } from "./scriptedChannel.js";
import { ScriptedServer } from "./scriptedServer.js";

const guest: Identity = { id: "a-guest", kind: "guest" };
const other: Identity = { id: "another-guest", kind: "guest" };
const ada: Identity = { id: "ada", kind: "user", name: "ada" };
const bob: Identity = { id: "bob", kind: "user", name: "bob" };
const day = 24 * 60 * 60 * 1000;
const unheard: unknown[] = [];
let server: ScriptedServer;
let journal: MemoryJournal;
let shelf: MemoryShelf;
let page = new AbortController();

/** A page load in a browser whose cookie stands for somebody. */
async function load(who: Identity): Promise<FeedbackClient> {
  page.abort();
  page = new AbortController();
  [server.cookie, server.api] = [who, server.load()];
  const parts = { api: server.api, journal, shelf, channels: [new ScriptedChannel()], tabs: false as const };
  const client = new FeedbackClient({ ...parts, random: () => 0.5, onError: (error) => unheard.push(error) });
  void client.run(page.signal);
  await settle();
  return client;
}

const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const listed = (client: FeedbackClient) => client.requests.get().map(({ id }) => id);
const later = (ms: number) => void vi.setSystemTime(Date.now() + ms);

/** A page whose request stays in the journal, since nothing gets through. */
async function leave(who: Identity, files: Record<string, File> = {}): Promise<string> {
  const client = await load(who);
  server.isDown = true;
  const id = await client.submit("echo", {}, { label: "mine", files });
  await settle();
  expect(listed(client)).toEqual([id]);
  page.abort();
  server.isDown = false;
  return id;
}

beforeEach(() => {
  vi.useFakeTimers();
  [server, journal, shelf] = [new ScriptedServer(), new MemoryJournal(), new MemoryShelf()];
});
afterEach(() => {
  page.abort();
  vi.useRealTimers();
  expect(unheard.splice(0)).toEqual([]);
});

describe("what a user has still to send", () => {
  it("waits until the user is back, whoever is here meanwhile", async () => {
    const id = await leave(ada);
    for (const who of [guest, bob]) {
      const client = await load(who);
      await settle(60_000);
      expect(listed(client)).toEqual([]);
    }
    expect(server.senders.size).toBe(0);
    expect(listed(await load(ada))).toEqual([id]);
    expect(server.senders.get(id)).toBe("ada");
  });

  it("is unknown to anybody else, who can neither cancel nor dismiss it", async () => {
    const id = await leave(ada);
    const client = await load(bob);
    client.observe(id).subscribe(() => {});
    await settle(1000);
    expect(client.observe(id).get()).toMatchObject({ phase: { at: "not-found" }, label: undefined });
    await expect(client.cancel(id)).rejects.toMatchObject({ problem: { status: 404 } });
    await client.dismiss(id);
    expect(await journal.get(id)).toMatchObject({ state: "open", owner: "ada" });
  });

  it("is not sent by a page whose cookie ran out in the meantime", async () => {
    const client = await load(ada);
    server.instead("PUT", { status: 401, body: { title: "Who are you?" } });
    server.cookie = other;
    const id = await client.submit("echo", {});
    await settle(60_000);
    expect(server.senders.size).toBe(0);
    expect(listed(client)).toEqual([]);
    await load(ada);
    expect(server.senders.get(id)).toBe("ada");
  });

  it("is not sent with the cookie of somebody who has just signed in in another tab", async () => {
    const client = await load(ada);
    server.cookie = bob;
    const id = await client.submit("echo", {}, { files: { file: new File(["a"], "a.csv") } });
    await settle(60_000);
    expect(server.senders.size).toBe(0);
    // Not even on its way: a refusal in the middle of the bytes may look like a lost connection.
    expect(server.count("PUT /files")).toBe(0);
    expect(listed(client)).toEqual([]);
    await load(ada);
    expect(server.senders.get(id)).toBe("ada");
  });

  it("is not sent with that cookie either when only the request is left to send", async () => {
    const client = await load(ada);
    server.cookie = bob;
    const id = await client.submit("echo", {});
    await settle(60_000);
    expect(server.senders.size).toBe(0);
    await load(ada);
    expect(server.senders.get(id)).toBe("ada");
  });

  it("is not sent by a page that has signed out", async () => {
    const client = await load(ada);
    server.instead("PUT", { status: 503, body: { title: "Later." } });
    const id = await client.submit("echo", {});
    await settle();
    expect(listed(client)).toEqual([id]);
    server.cookie = guest;
    await server.api.signOut();
    await settle(60_000);
    expect(server.senders.size).toBe(0);
    expect(listed(client)).toEqual([]);
  });

  it("belongs to the user also when it was made before anybody had said who is here", async () => {
    server.isDown = true;
    const early = await load(ada);
    const id = await early.submit("echo", {});
    expect(listed(early)).toEqual([id]);
    server.isDown = false;
    server.instead("PUT", { status: 503, body: { title: "Later." }, headers: { "Retry-After": "3600" } });
    await settle(60_000);
    expect((await journal.get(id))?.owner).toBe("ada");
    await load(bob);
    expect(server.senders.size).toBe(0);
  });

  it("is dropped when the user has not come back for as long as anything is kept, and its file with it", async () => {
    const id = await leave(ada, { file: new File(["a"], "a.csv") });
    const orphans = vi.spyOn(shelf, "removeOrphans");
    later(199 * day);
    await load(bob);
    const [file] = (await journal.get(id))?.uploads ?? [];
    expect(orphans.mock.lastCall).toEqual([new Set([file?.id]), Date.now()]);
    later(2 * day);
    await load(bob);
    expect(await journal.all()).toEqual([]);
    expect(orphans.mock.lastCall).toEqual([new Set(), Date.now()]);
  });

  it("is never too old for the user", async () => {
    const id = await leave(ada);
    later(201 * day);
    await load(ada);
    expect(server.senders.get(id)).toBe("ada");
  });
});

describe("what a guest has still to send", () => {
  it("goes along when the guest becomes a user, with its file, and is the user's from then on", async () => {
    const id = await leave(guest, { file: new File(["a"], "a.csv") });
    const [file] = (await journal.get(id))?.uploads ?? [];
    expect(listed(await load(ada))).toEqual([id]);
    await settle();
    expect([id, file?.id ?? ""].map((sent) => server.senders.get(sent))).toEqual(["ada", "ada"]);
    expect((await journal.get(id))?.owner).toBe("ada");
  });

  it("is not shown to the next one any more, although it was refused", async () => {
    const client = await load(guest);
    server.instead("PUT", { status: 400, body: { title: "Invalid payload" } });
    const id = await client.submit("echo", {});
    await settle();
    expect(listed(await load(ada))).toEqual([id]);
    expect(listed(await load(guest))).toEqual([]);
    expect(listed(await load(ada))).toEqual([id]);
  });

  it.each([true, false])("goes along to another device's owner only if the person says so: %s", async (carryOver) => {
    const client = await load(guest);
    server.instead("PUT", { status: 503, body: { title: "Later." }, headers: { "Retry-After": "60" } });
    server.instead("POST /me/pair", { status: 200, body: other });
    const id = await client.submit("echo", {});
    await settle();
    await client.pair("7Q4M-0ZKX-9D2C-W8TB", carryOver);
    expect(listed(await load(other))).toEqual(carryOver ? [id] : []);
    expect(server.senders.get(id)).toBe(carryOver ? "another-guest" : undefined);
  });

  it("goes along later, after a code that was none", async () => {
    const id = await leave(guest);
    server.instead("POST /me/pair", { status: 404, body: { title: "No such code is open." } });
    const client = await load(guest);
    await expect(client.pair("0000-0000-0000-0000", false)).rejects.toMatchObject({ problem: { status: 404 } });
    await settle();
    expect(server.senders.get(id)).toBe("a-guest");
    expect((await journal.get(id))?.owner).toBeUndefined();
  });
});
