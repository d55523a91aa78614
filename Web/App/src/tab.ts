import type { RequestView } from "aspire-feedback";
import { useEffect } from "react";
import { usePage, useStore } from "./client.js";
import { countGroups, groupOf } from "./requests/filter.js";
import type { Seen } from "./seen.js";
import { nameOf, wordsFor } from "./words.js";

const pageName = "AspireFeedback";

export interface Tab {
  readonly title: string;
  readonly icon: "/icon.svg" | "/icon-busy.svg" | "/icon-held.svg" | "/icon-news.svg";
}

/** What the browser's tab says of one request, for those who look at another tab meanwhile. */
export function tabOf(view: RequestView, now: number): Tab {
  const { headline, percent } = wordsFor(view, now);
  const title = `${percent === undefined ? headline : `${Math.round(percent)}%`} · ${nameOf(view)}`;
  const group = groupOf(view);
  return { title, icon: group === "open" ? "/icon-busy.svg" : group === "yours" ? "/icon-held.svg" : "/icon.svg" };
}

/** And of all of them: first what waits for the person, then what goes on, then what has ended. */
export function tabOfAll(requests: readonly RequestView[], seen: Seen): Tab {
  const { yours, open, news } = countGroups(requests, seen);
  if (yours > 0) return { title: `${yours} ${yours === 1 ? "needs" : "need"} you · ${pageName}`, icon: "/icon-held.svg" };
  if (open > 0) return { title: `${open} under way · ${pageName}`, icon: "/icon-busy.svg" };
  return news > 0 ? { title: `${news} new · ${pageName}`, icon: "/icon-news.svg" } : { title: pageName, icon: "/icon.svg" };
}

export function TabOfAll({ requests }: { readonly requests: readonly RequestView[] }) {
  useTab(tabOfAll(requests, useStore(usePage().seen)));
  return null;
}

export function useTab({ title, icon }: Tab): void {
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute("href", icon);
  }, [icon]);
}
