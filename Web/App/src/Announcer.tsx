import type { RequestView } from "aspire-feedback";
import { useEffect, useRef, useState } from "react";
import { nameOf, wordsFor } from "./words.js";

/** Says aloud when a request ends or needs its person; progress is left to those who look. */
export function Announcer({ requests }: { readonly requests: readonly RequestView[] }) {
  const known = useRef<ReadonlyMap<string, string>>(new Map());
  const [message, setMessage] = useState("");
  useEffect(() => {
    const news = requests.filter((view) => {
      const before = known.current.get(view.id);
      return before !== undefined && before !== standing(view) && isWorthSaying(view);
    });
    known.current = new Map(requests.map((view) => [view.id, standing(view)]));
    if (news.length > 0) setMessage(news.map((view) => `${nameOf(view)}: ${wordsFor(view, Date.now()).headline}.`).join(" "));
  }, [requests]);
  return (
    <p className="unseen" role="status">
      {message}
    </p>
  );
}

function standing(view: RequestView): string {
  return view.status?.status ?? view.phase.at;
}

function isWorthSaying(view: RequestView): boolean {
  return view.status?.done || ["Held", "InputRequired", "refused", "file-lost"].includes(standing(view));
}
