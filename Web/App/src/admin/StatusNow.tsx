import type { ReactNode } from "react";
import { ToneIcon } from "../icons.js";
import type { AdminDocument } from "./wire.js";
import { wordsAt } from "./words.js";

export function StatusNow({ document, now, children }: { readonly document: AdminDocument; readonly now: number; readonly children: ReactNode }) {
  const { tone, headline, percent } = wordsAt(document, now);
  const { error } = document;
  return (
    <section className={`status tone-of-${tone}`} aria-label="Status">
      <div className="status-line">
        <ToneIcon tone={tone} />
        <p className="headline">{headline}</p>
        {percent !== undefined && tone === "busy" && <p className="percent">{Math.round(percent)}%</p>}
      </div>
      {error && <p className="more">{[error.title !== headline && error.title, error.detail].filter(Boolean).join(" ")}</p>}
      {children}
    </section>
  );
}
