import { WebSocketServer } from "ws";
import { createAdminMock } from "./mockAdmin.mjs";
import { profile } from "./profile.mjs";

const recordEnd = "\u001e";
const prose = ["The first rows look like rides on a bike. ", "Most of them are short, ", "some go all the way round the lake, ", "and one seems to have ended in it.\n"];
const question = {
  key: "size",
  question: "Which size shall it be?",
  schema: { type: "object", properties: { size: { type: "string", title: "Size", enum: ["small", "large"] }, copies: { type: "integer", title: "Copies" } }, required: ["size"] },
};
const ends = { "request-succeeded": "Succeeded", "request-failed": "Failed", "request-canceled": "Canceled" };

/**
 * The server's side of the page in memory, for `npm run dev` without any server: one owner, one worker, nothing kept.
 * The text of an echo scripts its way: "fail" ends it, "held" uses up its attempts, "slow" takes a minute, "stream" writes as it goes, "ask" asks.
 */
export function createMock() {
  const streams = new Map();
  const documents = new Map();
  const files = new Map();
  const listeners = new Set();
  const sockets = new WebSocketServer({ noServer: true });

  const cursor = () => String([...documents.values()].reduce((sum, { version }) => sum + version, 0));

  function append(id, type, data, change) {
    const stream = streams.get(id) ?? [];
    streams.set(id, stream);
    const event = { version: stream.length + 1, type, at: new Date().toISOString(), data };
    stream.push(event);
    const before = documents.get(id);
    const end = ends[type];
    const status = {
      ...before,
      ...change,
      ...(end ? { status: end, done: true, expiresAt: new Date(Date.now() + 7 * 864e5).toISOString() } : {}),
      version: event.version,
      lastUpdatedAt: event.at,
    };
    for (const [key, value] of Object.entries(status)) if (value === undefined) delete status[key];
    documents.set(id, status);
    const changed = { id, from: event.version - 1, events: [event], status, cursor: cursor() };
    for (const tell of listeners) tell(changed);
  }

  const isOpen = (id) => documents.get(id)?.done === false;
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  async function work(id, kind, payload, attempt = 1) {
    await sleep(600);
    for (; isOpen(id); attempt++) {
      append(id, "attempt-started", { attempt, hop: 1, endpoint: kind, worker: "backend-2" }, { status: "Running", attempt: { number: attempt, of: 4 } });
      const steps = kind === "echo" ? (payload.steps ?? 4) : 20;
      const delay = payload.text?.includes("slow") ? 60_000 / steps : kind === "echo" ? (payload.delayMs ?? 1500) / steps : 180;
      const failsNow = attempt <= (payload.failTimes ?? 0) || payload.text?.includes("held");
      for (let step = 1; step <= steps && isOpen(id); step++) {
        await sleep(delay);
        if (!isOpen(id)) return;
        if (documents.get(id).cancelRequestedAt) return append(id, "request-canceled", { by: "owner" });
        if (failsNow && step > steps / 2) break;
        const percent = Math.round((step / steps) * 100);
        if (payload.text?.includes("stream")) append(id, "output-appended", { attempt, run: attempt, index: step - 1, chunk: prose[(step - 1) % prose.length] }, {});
        if (payload.text?.includes("ask") && step === 2) return append(id, "input-requested", { attempt, key: "size" }, { status: "InputRequired", input: question });
        append(id, "progress-reported", { attempt, percent, message: kind === "echo" ? `Step ${step} of ${steps}` : "Reading rows" }, { percentComplete: percent, message: kind === "echo" ? `Step ${step} of ${steps}` : "Reading rows" });
      }
      if (payload.text?.includes("fail") && !failsNow) {
        const error = { title: "The text could not be echoed.", status: 500, detail: "The worker refused this text: it contains the word “fail”." };
        return append(id, "request-failed", { attempt, error }, { error });
      }
      if (!failsNow) {
        const result = kind === "echo" ? { text: payload.text } : profile(String(files.get(payload.file) ?? ""), payload.separator);
        return append(id, "request-succeeded", { attempt, result }, { result, percentComplete: 100 });
      }
      const error = { title: "The worker lost its connection.", status: 500 };
      if (attempt >= 4) return append(id, "attempt-failed", { attempt, error }, { status: "Held", error, percentComplete: undefined, message: undefined });
      const nextAttemptAt = new Date(Date.now() + attempt * 1500).toISOString();
      append(id, "attempt-failed", { attempt, error, nextAttemptAt }, { status: "Pending", attempt: { number: attempt + 1, of: 4, nextAt: nextAttemptAt }, percentComplete: undefined, message: undefined });
      await sleep(attempt * 1500);
    }
  }

  function submit(id, { kind, payload }) {
    if (documents.has(id)) return documents.get(id);
    const now = new Date().toISOString();
    append(id, "request-accepted", { kind, payload }, { id, kind, status: "Pending", done: false, createdAt: now, deadline: new Date(Date.now() + 7 * 864e5).toISOString(), traceId: id.replaceAll("-", "") });
    void work(id, kind, payload);
    return documents.get(id);
  }

  const newestFirst = () => [...documents.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt));

  const handleAdmin = createAdminMock(documents, streams, (...call) => handleRequests(...call));

  async function handle(request, response) {
    const url = new URL(request.url, "http://mock");
    const [, root, id] = url.pathname.split("/");
    const send = (status, body, headers = {}) => {
      response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json", ...headers });
      response.end(body === undefined ? "" : JSON.stringify(body));
    };
    if (root === "page.json") return send(200, { maxFileBytes: 2 ** 31, traceUrl: "http://localhost:15100/traces/detail/" }), true;
    if (root === "me" && id === "pairing") return send(200, { code: "7Q4M-0ZKX-9D2C-W8TB", url: `http://${request.headers.host}/#pair=7Q4M-0ZKX-9D2C-W8TB`, expiresIn: 300 }), true;
    if (root === "me") return send(200, { id: "mock", kind: "guest" }), true;
    if (root === "files" && request.method === "PUT") return files.set(id, await read(request)), send(201, {}), true;
    if (root === "admin" && id) return await handleAdmin(request, url, send), true;
    if (root !== "requests") return false;
    return await handleRequests(request, url, send), true;
  }

  async function handleRequests(request, url, send) {
    const [, , id, rest] = url.pathname.split("/");
    if (id === undefined) return send(200, { requests: newestFirst() });
    if (request.method === "PUT") return send(202, submit(id, JSON.parse(await read(request))));
    const status = documents.get(id);
    if (status === undefined) return send(404, { title: "There is no such request", status: 404 });
    if (rest === "events") {
      const events = streams.get(id).slice(Number(url.searchParams.get("after") ?? 0));
      return send(200, { events, version: status.version, more: false });
    }
    if (rest === "result") return send(200, status.result);
    if (rest === "input") {
      append(id, "input-provided", { key: status.input.key, by: "owner" }, { status: "Pending", input: undefined, attempt: { number: status.attempt.number + 1, of: 4 } });
      void work(id, status.kind, { text: "answered", steps: 4, delayMs: 1500 }, status.attempt.number + 1);
      return send(202, documents.get(id));
    }
    if (rest === "retry") {
      append(id, "retry-requested", { by: "owner" }, { status: "Pending", error: undefined, attempt: { number: status.attempt.number + 1, of: 4 } });
      void work(id, status.kind, { text: "second chance", steps: 8, delayMs: 4000 }, status.attempt.number + 1);
      return send(202, documents.get(id));
    }
    if (request.method === "DELETE") {
      if (status.status === "Running") append(id, "cancellation-requested", { by: "owner" }, { cancelRequestedAt: new Date().toISOString() });
      else if (!status.done) append(id, "request-canceled", { by: "owner" });
      return send(202, documents.get(id));
    }
    return send(200, status);
  }

  /** The hub in the JSON protocol: handshake, Sync, pings, Changed. */
  function upgrade(request, socket, head) {
    if (!request.url.startsWith("/feedback")) return false;
    sockets.handleUpgrade(request, socket, head, (client) => {
      const send = (message) => client.send(JSON.stringify(message) + recordEnd);
      const tell = (changed) => send({ type: 1, target: "Changed", arguments: [changed] });
      const pings = setInterval(() => send({ type: 6 }), 10_000);
      client.on("close", () => (clearInterval(pings), listeners.delete(tell)));
      client.on("message", (data) => {
        for (const text of String(data).split(recordEnd).filter(Boolean)) {
          const message = JSON.parse(text);
          if (message.protocol) send({});
          if (message.type !== 1) continue;
          if (message.target === "Ping") {
            send({ type: 3, invocationId: message.invocationId, result: true });
            continue;
          }
          listeners.add(tell);
          const { known } = message.arguments[0];
          const changes = Object.entries(known)
            .filter(([id, version]) => (documents.get(id)?.version ?? 0) > version)
            .map(([id, from]) => ({ id, from, events: streams.get(id).slice(from), status: documents.get(id), cursor: cursor() }));
          send({ type: 3, invocationId: message.invocationId, result: { changes, requests: [], cursor: cursor() } });
        }
      });
    });
    return true;
  }

  return { handle, upgrade };
}

function read(request) {
  return new Promise((resolve, reject) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("error", reject);
  });
}
