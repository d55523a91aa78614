import { instruments, series } from "./metrics.mjs";
import { command, environment, instances, resources, usage } from "./system.mjs";
import { live, logs, traces } from "./telemetry.mjs";

/** `npm run dev` without an AppHost: the calls of the dashboard over made-up telemetry, and something new every moment. */
export function createMock() {
  const listeners = new Set();
  const run = { id: "20261122-1910", startedAt: new Date(Date.now() - 9 * 60_000).toISOString() };
  const lines = [];
  const write = (instance, text) => lines.push({ n: lines.length + 1, instance, at: new Date().toISOString(), text });
  for (let index = 0; index < 6000; index++) write(...line(index));
  const tell = (event, data) => {
    for (const send of listeners) send(event, data);
  };
  const told = () => ({ logs: logs.length, traces: traces.size, spans: traces.size * 3, points: 4210, bytes: 18_400_000, dropped: { logs: 0, spans: 0, points: 0 } });
  let seconds = 0;
  setInterval(() => {
    live(++seconds);
    write(...line(lines.length));
    tell("telemetry", told());
  }, 1000).unref();
  setInterval(() => tell("usage", { instances: usage() }), 2000).unref();

  return function handle(request, response) {
    const url = new URL(request.url, "http://localhost");
    if (!url.pathname.startsWith("/api/")) return false;
    const q = url.searchParams;
    const [, , part, id, rest, last] = url.pathname.split("/");
    const send = (body, status = 200) => response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    const missing = () => send({ title: "Nothing is known under this name." }, 404);
    if (part === "settings") {
      const links = [{ attribute: "feedback.request.id", label: "Request", url: "http://localhost:5100/admin#{value}" }];
      return send({ applicationName: "AspireFeedback", version: "1.0", run, limits: { logs: 10_000, traces: 10_000, spans: 100_000, consoleLines: 10_000 }, links }), true;
    }
    if (part === "runs") return send({ runs: [{ ...run, current: true, bytes: 1e6, logs: 1, spans: 1 }, { id: "20261121-0900", startedAt: "2026-11-21T09:00:00Z", endedAt: "2026-11-21T17:00:00Z", current: false, bytes: 48e6, logs: 90_000, spans: 120_000 }] }), true;
    const written = () => {
      const wanted = q.get("resource");
      const names = wanted && new Set(instances().filter((one) => one.id === wanted || one.resource.name === wanted).map((one) => one.id));
      return lines.filter((one) => !names || names.has(one.instance));
    };
    if (part === "stream") {
      response.writeHead(200, { "Content-Type": "text/event-stream" });
      let after = Number(q.get("after"));
      const event = (name, data) => {
        response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
        if (name !== "telemetry" || !q.get("console")) return;
        const more = written().filter(({ n }) => n > after);
        after = lines.length;
        if (more.length > 0) response.write(`event: lines\ndata: ${JSON.stringify({ lines: more, next: after })}\n\n`);
      };
      event("resources", { resources });
      event("usage", { instances: usage() });
      event("telemetry", told());
      listeners.add(event);
      request.on("close", () => listeners.delete(event));
      return true;
    }
    if (part === "resources" && rest === "environment") {
      const found = resources.find(({ name }) => name === id);
      return found ? send({ variables: environment(found, q.getAll("reveal")) }) : missing(), true;
    }
    if (part === "resources" && rest === "commands") return void command(id, last, () => tell("resources", { resources })).then((answer) => send(answer)) ?? true;
    if (part === "console") return send({ lines: written().slice(-Number(q.get("limit") ?? 1000)), next: lines.length, dropped: 0 }), true;
    if (part === "logs" && id) {
      const found = logs.find((one) => String(one.id) === id);
      return found ? send({ ...found, resourceAttributes: { "service.name": found.resource, "service.instance.id": found.instance }, scope: found.category }) : missing(), true;
    }
    if (part === "logs") return send(findLogs(q)), true;
    if (part === "traces" && id) {
      const found = traces.get(id) ?? [...traces.values()].find(({ spans }) => spans.some((span) => span.traceId === id));
      return found ? send(found) : missing(), true;
    }
    if (part === "traces") return send(findTraces(q)), true;
    if (part === "metrics" && id === "series") {
      const to = Date.parse(q.get("to") ?? "") || Date.now();
      const from = Date.parse(q.get("from") ?? "") || to - 9 * 60_000;
      return send(series({ ...{ resource: q.get("resource"), name: q.get("name"), group: q.get("group"), filters: q.getAll("filter") }, ...{ from, to, points: 120 } })), true;
    }
    if (part === "metrics") return send({ instruments }), true;
    if (part === "search") return send(search(q.get("q") ?? "", lines)), true;
    if (part === "telemetry") return response.writeHead(204).end(), true;
    return missing(), true;
  };
}

function line(index) {
  const all = instances();
  const { id } = all[index % all.length];
  const texts = [
    "\x1b[40m\x1b[32minfo\x1b[39m\x1b[22m\x1b[49m: AspireFeedback.Backend.Handling.Runner[3001]",
    "      Run \x1b[1m0198-77\x1b[22m of checkout ended: \x1b[32msucceeded\x1b[0m after 142 ms",
    "\x1b[40m\x1b[33mwarn\x1b[39m\x1b[22m\x1b[49m: Npgsql.Connection[1000] The connection was slow",
    "2026-11-22 19:12:04.113 UTC [4121] LOG:  checkpoint complete: wrote 42 buffers (0.3%)",
    "\x1b[41m\x1b[30mfail\x1b[39m\x1b[22m\x1b[49m: Microsoft.AspNetCore.Server.Kestrel[13]",
    "      \x1b[38;5;208mSystem.IO.IOException\x1b[0m: The client reset the request stream.",
  ];
  return [id, texts[index % 7 % texts.length]];
}

const wordsOf = (text) => (text ?? "").toLowerCase().split(/\s+/).map((word) => word.replaceAll('"', "")).filter(Boolean);
const has = (item, text) => {
  const all = JSON.stringify(item).toLowerCase();
  return wordsOf(text).every((word) => all.includes(word));
};

function findLogs(q) {
  const levels = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];
  const least = levels.indexOf(q.get("level") ?? "Trace");
  const same = (name) => (one) => !q.get(name) || one[name] === q.get(name);
  const all = logs
    .filter((one) => levels.indexOf(one.level) >= least && has(one, q.get("text")))
    .filter((one) => ["resource", "traceId", "spanId", "requestId", "category"].every((name) => same(name)(one)))
    .filter((one) => (!q.get("from") || one.at >= q.get("from")) && (!q.get("to") || one.at <= q.get("to")))
    .sort((a, b) => b.id - a.id);
  const rest = all.filter((one) => !q.get("before") || one.id < Number(q.get("before")));
  const limit = Number(q.get("limit") ?? 200);
  return { items: rest.slice(0, limit).map((one) => ({ ...one, exception: one.exception?.split("\n")[0] })), matched: all.length, total: logs.length, hasMore: rest.length > limit };
}

function findTraces(q) {
  const all = [...traces.values()]
    .filter(({ trace }) => (q.get("errors") !== "true" || trace.errors > 0) && trace.durationMs >= Number(q.get("minMs") ?? 0) && trace.spans >= Number(q.get("minSpans") ?? 0))
    .filter(({ trace }) => !q.get("resource") || trace.resources.some(({ name }) => name === q.get("resource")))
    .filter(({ trace }) => !q.get("requestId") || trace.requestId === q.get("requestId"))
    .filter(({ trace, spans }) => (!q.get("from") || trace.startedAt >= q.get("from")) && (!q.get("text") || has(spans, q.get("text"))))
    .map(({ trace }) => trace)
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt));
  const from = Number(q.get("before") ?? 0);
  const limit = Number(q.get("limit") ?? 100);
  return { items: all.slice(from, from + limit), matched: all.length, total: traces.size, ...(all.length > from + limit && { next: String(from + limit) }) };
}

function search(text, lines) {
  const cut = (items) => ({ items: items.slice(0, 10), matched: items.length });
  const spans = [...traces.values()].flatMap(({ trace, spans: all }) => all.filter((span) => has(span, text)).map((span) => ({ span: { ...span, startedAt: trace.startedAt, durationMs: span.durationUs / 1000 }, where: span.statusMessage })));
  return {
    resources: resources.filter(({ name }) => has(name, text)).map(({ name }) => name),
    logs: cut(logs.filter((one) => has(one, text)).reverse()),
    traces: cut([...traces.values()].filter(({ trace }) => has(trace, text)).map(({ trace }) => trace).reverse()),
    spans: cut(spans.reverse()),
    metrics: instruments.filter((one) => has(one, text)).map(({ resource, meter, name }) => ({ resource, meter, name })),
    console: cut(lines.filter((one) => has(one, text)).reverse()),
  };
}
