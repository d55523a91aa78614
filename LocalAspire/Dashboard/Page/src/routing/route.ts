/** The address is the state of the page: what it says can be reloaded, bookmarked and sent to a colleague. */

export type Page = "resources" | "console" | "logs" | "traces" | "metrics" | "search" | "nowhere";

export interface Route {
  readonly page: Page;
  /** A resource or a trace. */
  readonly name: string | undefined;
  readonly query: URLSearchParams;
}

const pages: Readonly<Record<string, Page>> = {
  "": "resources",
  resources: "resources",
  console: "console",
  logs: "logs",
  traces: "traces",
  metrics: "metrics",
  search: "search",
};

export function readRoute(path: string, search: string): Route {
  const [, first = "", ...rest] = path.split("/");
  const page = Object.hasOwn(pages, first) ? pages[first] : undefined;
  const names = rest.filter(Boolean);
  // Aspire's dashboard has its traces below /traces/detail: a link made for that one opens here too.
  const name = page === "traces" && names[0] === "detail" ? names[1] : names[0];
  return { page: page ?? "nowhere", name: decode(name), query: new URLSearchParams(search) };
}

/** Which run and which time are looked at goes along from page to page; filters do not. */
const carried = ["run", "range", "from", "to"];

export type Values = Readonly<Record<string, string | readonly string[] | undefined>>;

export function addressOf(path: string, values: Values, current: URLSearchParams): string {
  const next = new URLSearchParams();
  for (const name of carried) {
    const value = current.get(name);
    if (value && !(name in values)) next.set(name, value);
  }
  return withQuery(path, apply(next, values));
}

/** The same page with other filters; an empty value takes a filter away. */
export function changedAddress(path: string, current: URLSearchParams, changes: Values): string {
  return withQuery(path, apply(new URLSearchParams(current), changes));
}

function apply(query: URLSearchParams, values: Values): URLSearchParams {
  for (const [name, value] of Object.entries(values)) {
    query.delete(name);
    if (Array.isArray(value)) for (const one of value as readonly string[]) query.append(name, one);
    else if (value !== undefined && value !== "") query.set(name, value as string);
  }
  return query;
}

function withQuery(path: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return text;
  }
}
