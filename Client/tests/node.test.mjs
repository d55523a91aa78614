import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FeedbackClient } from "../src/index.js";

// A real server and Node's own fetch: what stands in for the browser's cookies, XMLHttpRequest and EventSource is what is tested.
let server;
let baseUrl;
let stop;
let guests;
let seen;
let stream;

function document(id, version) {
  const [done, at] = [version > 1, new Date().toISOString()];
  return { id, kind: "echo", status: done ? "Succeeded" : "Pending", done, version, createdAt: at, lastUpdatedAt: at, ...(done && { result: { text: "hi" } }) };
}

function handle(request, response, body) {
  const [, root, id] = request.url.split(/[/?]/);
  const answer = (status, value, headers = {}) => response.writeHead(status, headers).end(JSON.stringify(value));
  const who = request.headers.authorization ?? request.headers.cookie;
  seen.push({ call: `${request.method} /${root}`, who, body });
  if (root === "me" && id === undefined) return answer(200, { id: "g", kind: "guest" }, who ? {} : { "Set-Cookie": `guest=g${++guests}; HttpOnly; Path=/` });
  if (who === undefined) return answer(401, { title: "Who?" });
  if (root === "me") {
    stream = response.writeHead(200, { "Content-Type": "text/event-stream" });
    return stream.write(": open\n\n");
  }
  if (root === "files") return answer(201, {});
  if (request.method === "PUT") {
    answer(202, document(id, 1));
    const changed = { id, from: 0, events: [1, 2].map((version) => ({ version, type: "x", at: "", data: {} })), status: document(id, 2), cursor: "c" };
    return stream.write(`event: changed\ndata: ${JSON.stringify(changed)}\n\n`);
  }
  return answer(200, { requests: [], events: [] });
}

beforeEach(async () => {
  [guests, seen, stop] = [0, [], new AbortController()];
  server = createServer(async (request, response) => handle(request, response, await text(request)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  baseUrl = `http://127.0.0.1:${server.address().port}`;
});
afterEach(async () => {
  stop.abort();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function run(options) {
  const client = new FeedbackClient({ baseUrl, ...options });
  void client.run(stop.signal);
  await expect.poll(() => client.connection.get(), { timeout: 15_000 }).toEqual({ state: "live", channel: "sse" });
  return client;
}

test("in Node a guest keeps its cookie, uploads, and is told the end over server-sent events where no WebSocket gets through", async () => {
  const client = await run();
  const id = await client.submit("echo", {}, { files: { file: new File(["a,b"], "a.csv") } });
  const { status } = await client.observe(id, AbortSignal.timeout(15_000)).ended();
  expect(status.result).toEqual({ text: "hi" });
  expect(guests).toBe(1);
  expect(seen.find(({ call }) => call === "PUT /files")).toMatchObject({ who: "guest=g1", body: "a,b" });
  expect(JSON.parse(seen.find(({ call }) => call === "PUT /requests").body)).toMatchObject({ kind: "echo" });
}, 30_000);

test("in Node a token is sent with every call, a fresh one if there is one", async () => {
  let count = 0;
  const client = await run({ token: async () => `t${++count}` });
  await client.observe(await client.submit("echo", {}), AbortSignal.timeout(15_000)).ended();
  const tokens = seen.map(({ who }) => who);
  expect(tokens.every((token) => /^Bearer t\d+$/.test(token))).toBe(true);
  expect(new Set(tokens).size).toBe(tokens.length);
}, 30_000);
