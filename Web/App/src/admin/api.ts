import type { Problem, RequestEvent } from "aspire-feedback";
import type { AdminDocument, FoundPage, StateAt, StoredEvents } from "./wire.js";

/** Whoever is no admin gets a 404 everywhere, so that this can mean either of two things. */
export class NotFound extends Error {}

const eventsPage = 1000;
const mostEvents = 5000;

export async function isAdmin(signal?: AbortSignal): Promise<boolean> {
  const response = await fetch("/admin/session", { signal: signal ?? null });
  if (response.ok) return true;
  if (response.status === 404) return false;
  throw await failure(response);
}

export async function signIn(key: string): Promise<boolean> {
  const response = await send("POST", "/admin/session", { key });
  if (response.ok) return true;
  if (response.status === 404) return false;
  throw await failure(response);
}

export async function signOut(): Promise<void> {
  await send("DELETE", "/admin/session");
}

export function find(address: string, signal: AbortSignal): Promise<FoundPage> {
  return get<FoundPage>(address, signal);
}

export interface Versioned {
  readonly document: AdminDocument;
  readonly etag: string | undefined;
}

/** `undefined` while nothing has happened since `known`. */
export async function getDocument(id: string, known: string | undefined, signal: AbortSignal): Promise<Versioned | undefined> {
  const response = await fetch(`/admin/requests/${id}`, { signal, headers: known === undefined ? {} : { "If-None-Match": known }, cache: "no-store" });
  if (response.status === 304) return undefined;
  if (!response.ok) throw await failure(response);
  return { document: (await response.json()) as AdminDocument, etag: response.headers.get("ETag") ?? undefined };
}

/** The events after those that are known, a few thousand in all at most. */
export async function getEvents(id: string, known: readonly RequestEvent[], signal: AbortSignal): Promise<readonly RequestEvent[]> {
  const events = [...known];
  while (events.length < mostEvents) {
    const page = await get<StoredEvents>(`/admin/requests/${id}/events?after=${events.at(-1)?.version ?? 0}&limit=${eventsPage}`, signal);
    events.push(...page.events);
    if (!page.more || page.events.length === 0) break;
  }
  return events;
}

export function getState(id: string, version: number, signal: AbortSignal): Promise<StateAt> {
  return get<StateAt>(`/admin/requests/${id}/state?version=${version}`, signal);
}

export async function retry(id: string, version: number): Promise<void> {
  await must(send("POST", `/admin/requests/${id}/retry`, { version }));
}

export async function cancel(id: string): Promise<void> {
  await must(send("DELETE", `/admin/requests/${id}`));
}

async function get<T>(address: string, signal: AbortSignal): Promise<T> {
  return (await must(fetch(address, { signal, cache: "no-store" }))).json() as Promise<T>;
}

function send(method: string, address: string, body?: unknown): Promise<Response> {
  return fetch(address, { method, ...(body === undefined ? {} : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }) });
}

async function must(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  if (!response.ok) throw await failure(response);
  return response;
}

async function failure(response: Response): Promise<Error> {
  if (response.status === 404) return new NotFound("There is nothing under this address.");
  const problem = (await response.json().catch(() => undefined)) as Problem | undefined;
  const wait = response.headers.get("Retry-After");
  const again = response.status === 429 && wait ? `Try again in ${wait} s.` : undefined;
  return new Error([problem?.title ?? `The server answered ${response.status}.`, problem?.detail, again].filter(Boolean).join(" "));
}
