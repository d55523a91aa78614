/** Ten thousand logs and a good thousand traces, some orders over all services among them. Kept as the AppHost would: newest first. */

const hex = (length) => Array.from({ length }, () => "0123456789abcdef"[Math.floor(Math.random() * 16)]).join("");
const pick = (list) => list[Math.floor(Math.random() * list.length)];
const uuid = () => `0198${hex(4)}-${hex(4)}-7${hex(3)}-a${hex(3)}-${hex(12)}`;

export const logs = [];
export const traces = new Map();
let nextLog = 1;

const messages = [
  ["Information", "AspireFeedback.Web.Outbox.OutboxPublisher", "Published 3 messages in 4 ms", {}],
  ["Information", "Microsoft.Hosting.Lifetime", "Now listening on: http://localhost:5100", { address: "http://localhost:5100" }],
  ["Debug", "Npgsql.Command", "Command execution completed (duration=2ms): select id, revision from requests", { duration: 2 }],
  ["Warning", "AspireFeedback.Web.Feedback.Backplane", "Redis did not answer for 2.1 s; connections are re-checked from the log", { seconds: 2.1 }],
  ["Information", "AspireFeedback.Backend.Handling.Runner", "Run ended: succeeded", { "feedback.outcome": "succeeded" }],
];

export function log(resource, level, category, message, attributes = {}, more = {}, at = Date.now()) {
  const row = { id: nextLog++, at: new Date(at).toISOString().replace("Z", "0000Z"), resource, instance: `${resource}-1`, level, category, message, attributes, ...more };
  logs.push(row);
  if (logs.length > 10_000) logs.shift();
  return row;
}

function trace(startedAt, build) {
  const traceId = hex(32);
  const spans = [];
  const span = (resource, name, kind, fromMs, forMs, parent, more = {}) => {
    const own = {
      ...{ traceId, spanId: hex(16), name, kind, resource, instance: `${resource}-1`, scope: "AspireFeedback", startUs: fromMs * 1000, durationUs: forMs * 1000 },
      ...{ status: "Unset", attributes: {}, events: [], links: [], ...more },
    };
    if (parent?.traceId === own.traceId || (parent && !more.joins)) own.parentSpanId = parent.spanId;
    if (more.traceId) Object.assign(own, { joinedTo: { traceId: parent.traceId, spanId: parent.spanId }, parentSpanId: undefined, links: [{ traceId: parent.traceId, spanId: parent.spanId, attributes: {} }] });
    delete own.joins;
    spans.push(own);
    return own;
  };
  const requestId = build(span, traceId);
  const mine = spans.filter((one) => one.traceId === traceId);
  const ends = spans.map((one) => one.startUs + one.durationUs);
  const names = [...new Set(spans.map(({ resource }) => resource))];
  const row = {
    ...{ traceId, name: mine[0].name, resource: mine[0].resource, startedAt: new Date(startedAt).toISOString().replace("Z", "0000Z") },
    ...{ durationMs: Math.max(...ends) / 1000, spans: spans.length, errors: spans.filter(({ status }) => status === "Error").length, logs: 0, requestId },
    resources: names.map((name) => ({ name, spans: spans.filter(({ resource }) => resource === name).length, errors: spans.filter(({ resource, status }) => resource === name && status === "Error").length })),
  };
  for (const one of spans) if (requestId) Object.assign(one, { requestId, attributes: { "feedback.request.id": requestId, ...one.attributes } });
  const own = [];
  for (const one of spans) {
    if (Math.random() > 0.6 && one.status !== "Error") continue;
    const [level, category, message, attributes] = one.status === "Error" ? ["Error", "AspireFeedback.Backend.Handling.Runner", `The run of ${one.name} failed: ${one.statusMessage}`, {}] : pick(messages);
    const exception = one.status === "Error" ? `System.InvalidOperationException: ${one.statusMessage}\n   at AspireFeedback.Backend.Checkout.StockHandler.HandleAsync(Checkout order, RunContext run)\n   at AspireFeedback.Backend.Handling.Runner.RunAsync(Message message)` : undefined;
    own.push(log(one.resource, level, category, message, attributes, { traceId: one.traceId, spanId: one.spanId, requestId, ...(exception && { exception }) }, startedAt + one.startUs / 1000 + 1));
  }
  row.logs = own.length;
  traces.set(traceId, { trace: row, spans, linked: [], logs: own });
  if (traces.size > 10_000) traces.delete(traces.keys().next().value);
  return row;
}

export function order(at, fails) {
  return trace(at, (span) => {
    const requestId = uuid();
    const put = span("web", "PUT /requests/{id}", "Server", 0, 21, undefined, { attributes: { "http.request.method": "PUT", "http.route": "/requests/{id}", "http.response.status_code": 202, "url.path": `/requests/${requestId}` } });
    const commit = span("web", "commit", "Internal", 4, 12, put);
    span("web", "postgresql", "Client", 5, 9, commit, { attributes: { "db.system.name": "postgresql", "db.query.text": "insert into requests (id, owner, kind, revision) select * from unnest($1, $2, $3, $4) on conflict do nothing" } });
    const send = span("web", "requests.checkout send", "Producer", 18, 3, put, { attributes: { "messaging.system": "rabbitmq", "messaging.destination.name": "requests.checkout" } });
    let from = 25;
    let parent = send;
    for (const [resource, kind, ms] of [["payment", "checkout", 140], ["stock", "checkout-stock", 65], ["shipping", "checkout-shipping", 210]]) {
      const isBad = fails && resource === "stock";
      const run = span(resource, `requests.${kind} process`, "Consumer", from, ms, parent, {
        ...{ traceId: hex(32), joins: true },
        ...(isBad && { status: "Error", statusMessage: "Nothing of article 4711 is left.", events: [{ name: "exception", atUs: (from + ms - 4) * 1000, attributes: { "exception.type": "System.InvalidOperationException", "exception.message": "Nothing of article 4711 is left.", "exception.stacktrace": "System.InvalidOperationException: Nothing of article 4711 is left.\n   at StockHandler.HandleAsync()" } }] }),
      });
      const local = { traceId: run.traceId };
      const inner = span(resource, `handle ${kind}`, "Internal", from + 2, ms - 6, run, local);
      Object.assign(inner, { joinedTo: undefined, links: [], parentSpanId: run.spanId });
      const report = span(resource, "reports send", "Producer", from + ms - 4, 2, run, local);
      Object.assign(report, { joinedTo: undefined, links: [], parentSpanId: run.spanId });
      const take = span("web", "reports process", "Consumer", from + ms - 1, 8, report, { traceId: hex(32), joins: true });
      const push = span("web", "push", "Internal", from + ms + 4, 2, take, { traceId: take.traceId, attributes: { "feedback.channel": "signalr" } });
      Object.assign(push, { joinedTo: undefined, links: [], parentSpanId: take.spanId });
      if (isBad) break;
      parent = report;
      from += ms + 6;
    }
    return requestId;
  });
}

export function small(at) {
  return trace(at, (span) => {
    const path = pick(["GET /requests", "GET /requests/{id}", "POST /files", "GET /me", "GET /requests/{id}/events"]);
    const ms = 2 + Math.random() ** 4 * 900;
    const bad = Math.random() < 0.02;
    const root = span("web", path, "Server", 0, ms, undefined, bad ? { status: "Error", statusMessage: "500", attributes: { "http.response.status_code": 500 } } : { attributes: { "http.response.status_code": 200 } });
    span("web", "postgresql", "Client", ms * 0.2, ms * 0.6, root, { attributes: { "db.query.text": "select document from requests where id = $1" } });
    return Math.random() < 0.3 ? uuid() : undefined;
  });
}

const now = Date.now();
for (let index = 1200; index > 0; index--) {
  const at = now - index * 450;
  if (index % 40 === 3) order(at, index % 160 === 3);
  else small(at);
  if (index % 2 === 0) for (let more = 0; more < 14; more++) log(pick(["web", "backend", "payment", "stock", "shipping"]), ...pick(messages), {}, at + more * 20);
}

/** Something always happens. */
export function live(seconds) {
  small(Date.now() - 40);
  if (seconds % 8 === 0) order(Date.now() - 700, seconds % 32 === 0);
  log(pick(["web", "backend"]), ...pick(messages));
}
