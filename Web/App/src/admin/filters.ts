import type { RequestStatus } from "aspire-feedback";

/** What is looked for, under the names that the API has for it: the page's own address and that of the call are the same query. */
export interface Filters {
  readonly status: RequestStatus | "";
  readonly stalled: boolean;
  readonly kind: string;
  readonly owner: string;
  readonly minAge: string;
  readonly maxAge: string;
  readonly error: string;
}

export const noFilters: Filters = { status: "", stalled: false, kind: "", owner: "", minAge: "", maxAge: "", error: "" };

export const statuses: readonly RequestStatus[] = ["Pending", "Running", "InputRequired", "Held", "Succeeded", "Failed", "Canceled"];

export interface Age {
  readonly label: string;
  readonly minAge: string;
  readonly maxAge: string;
}

export const ages: readonly Age[] = [
  { label: "Any time", minAge: "", maxAge: "" },
  { label: "The last 15 minutes", minAge: "", maxAge: "900" },
  { label: "The last hour", minAge: "", maxAge: "3600" },
  { label: "The last day", minAge: "", maxAge: "86400" },
  { label: "More than 10 minutes ago", minAge: "600", maxAge: "" },
  { label: "More than an hour ago", minAge: "3600", maxAge: "" },
  { label: "More than a day ago", minAge: "86400", maxAge: "" },
];

export function ageOf({ minAge, maxAge }: Filters): Age {
  return ages.find((age) => age.minAge === minAge && age.maxAge === maxAge) ?? { label: ageLabel(minAge, maxAge), minAge, maxAge };
}

export function readFilters(search: string): Filters {
  const query = new URLSearchParams(search);
  const text = (name: string) => query.get(name)?.trim() ?? "";
  const seconds = (name: string) => (/^\d{1,9}$/.test(text(name)) ? text(name) : "");
  const status = query.get("held") === "true" ? "Held" : text("status");
  return {
    status: statuses.find((known) => known === status) ?? "",
    stalled: query.get("stalled") === "true",
    kind: text("kind"),
    owner: text("owner"),
    minAge: seconds("minAge"),
    maxAge: seconds("maxAge"),
    error: text("error"),
  };
}

/** With its question mark, or nothing when nothing is filtered. */
export function writeFilters(filters: Filters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, String(value).trim());
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

function ageLabel(minAge: string, maxAge: string): string {
  return [minAge && `more than ${minAge} s ago`, maxAge && `the last ${maxAge} s`].filter(Boolean).join(", ");
}
