/** The calls of the admin page, over the requests of the mock: everybody is an admin, and a state as of a version is the present one. */
export function createAdminMock(documents, streams, change) {
  const owned = (status) => ({ ...status, owner: "01981b5e-7f3a-7c41-b8f0-2f6f0a3f9d11" });
  const newest = () => [...documents.values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)).map(owned);

  return async function handle(request, url, send) {
    const [, , part, id, rest] = url.pathname.split("/");
    if (part === "session") return send(request.method === "GET" ? 200 : 204, request.method === "GET" ? { by: "admin" } : undefined);
    if (part === "requests" && id === undefined) {
      const wanted = url.searchParams.get("status");
      return send(200, { requests: newest().filter(({ status }) => wanted === null || status === wanted) });
    }
    const status = documents.get(id);
    if (status === undefined) return send(404, { title: "There is nothing here for you.", status: 404 });
    const events = streams.get(id);
    if (rest === "events") return send(200, { events: events.slice(Number(url.searchParams.get("after"))), version: status.version, more: false });
    if (rest === "state") {
      const event = events[Number(url.searchParams.get("version")) - 1];
      return send(200, { version: event.version, at: event.at, event: event.type, request: owned(status), state: {} });
    }
    if (request.method !== "GET") return change(request, new URL(`/requests/${id}${rest ? `/${rest}` : ""}`, url), send);
    return send(200, { ...owned(status), payload: events[0].data.payload, attempts: attempts(events) }, { ETag: `W/"${status.version}"` });
  };
}

/** A rough telling: the server's own is a fold of its own. */
function attempts(events) {
  const starts = events.filter(({ type }) => type === "attempt-started");
  return starts.map(({ at, data, version }, index) => {
    const end = events.find((event) => event.version > version && /failed|succeeded|canceled/.test(event.type));
    const outcome = end === undefined ? "Running" : end.type.endsWith("failed") ? "Failed" : end.type.endsWith("canceled") ? "Canceled" : "Succeeded";
    const tookMs = end && Date.parse(end.at) - Date.parse(at);
    const run = { hop: 1, endpoint: data.endpoint, run: String(index), worker: data.worker, redelivered: false, dueAt: at, startedAt: at, endedAt: end?.at, outcome, waitedMs: 0, tookMs };
    return { number: data.attempt, dueAt: at, endedAt: end?.at, outcome, error: end?.data.error, waitedMs: 0, tookMs, runs: [run] };
  });
}
