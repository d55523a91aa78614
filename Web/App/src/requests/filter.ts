import type { RequestView } from "aspire-feedback";
import { isNews, type Seen } from "../seen.js";
import { kindOf, nameOf } from "../words.js";

export type Group = "all" | "open" | "yours" | "ended" | "news";

export interface Filter {
  readonly text: string;
  readonly group: Group;
}

export const everything: Filter = { text: "", group: "all" };

/** In the order of the choice, in the words of the page. */
export const groups: readonly { readonly group: Group; readonly label: string }[] = [
  { group: "all", label: "All" },
  { group: "open", label: "Under way" },
  { group: "yours", label: "Needs you" },
  { group: "ended", label: "Ended" },
  { group: "news", label: "New" },
];

/** What goes on by itself, what waits for its person, and what is over. */
export function groupOf({ phase, status }: RequestView): "open" | "yours" | "ended" {
  if (status?.done) return "ended";
  const waits = status?.status === "InputRequired" || status?.status === "Held" || phase.at === "file-lost" || phase.at === "refused";
  return waits && !status?.cancelRequestedAt ? "yours" : "open";
}

export function matches(view: RequestView, { text, group }: Filter, seen: Seen): boolean {
  if (group === "news" ? !isNews(view, seen) : group !== "all" && groupOf(view) !== group) return false;
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { id, status } = view;
  const haystack = [nameOf(view), kindOf(view.kind), id, status?.message, status?.error?.title, status?.input?.question].join(" ").toLowerCase();
  return words.every((word) => haystack.includes(word));
}

export function countGroups(views: readonly RequestView[], seen: Seen): Readonly<Record<Group, number>> {
  const counts = { all: views.length, open: 0, yours: 0, ended: 0, news: 0 };
  for (const view of views) {
    counts[groupOf(view)]++;
    if (isNews(view, seen)) counts.news++;
  }
  return counts;
}
