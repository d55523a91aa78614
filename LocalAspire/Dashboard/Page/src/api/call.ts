/** The AppHost cannot be reached: it has stopped, or was stopped. */
export class Unreachable extends Error {}

export class NotFound extends Error {}

export async function get<T>(address: string, signal?: AbortSignal): Promise<T> {
  return (await (await call(address, { signal: signal ?? null, cache: "no-store" })).json()) as T;
}

export async function call(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable("The AppHost does not answer.");
  }
  if (response.ok) return response;
  if (response.status === 401) toLogin();
  // A proxy, as in development, says for a server that is gone that it is gone.
  if (response.status === 502 || response.status === 504) throw new Unreachable("The AppHost does not answer.");
  const problem = (await response.json().catch(() => ({}))) as { readonly title?: string; readonly detail?: string };
  const words = problem.detail || problem.title || `The AppHost answered ${response.status}.`;
  throw response.status === 404 ? new NotFound(words) : new Error(words);
}

export function toLogin() {
  location.assign(`/login?returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
}

/** `undefined` and empty values are left out; a list repeats its name. */
export function query(values: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (Array.isArray(value)) for (const one of value as readonly string[]) parameters.append(name, one);
    else if (value !== undefined && value !== "" && value !== false) parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === "" ? "" : `?${text}`;
}

export function say(error: unknown): string {
  return error instanceof Error && error.message ? error.message : "That did not work.";
}
