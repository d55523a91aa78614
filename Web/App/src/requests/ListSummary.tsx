import type { RequestView } from "aspire-feedback";
import { Fragment } from "react";
import { usePage, useStore } from "../client.js";
import { count } from "../format.js";
import { Glyph } from "../icons.js";
import { countGroups } from "./filter.js";

/** The way to the list where that lies below the start, on a narrow screen. */
export function ListSummary({ requests }: { readonly requests: readonly RequestView[] }) {
  const { all, open, yours, news } = countGroups(requests, useStore(usePage().seen));
  if (all === 0) return null;
  const parts = [yours > 0 && `${yours} ${yours === 1 ? "needs" : "need"} you`, open > 0 && `${open} under way`, news > 0 && `${news} new`].filter((part) => part !== false);
  const show = () => {
    const list = document.getElementById("requests");
    list?.scrollIntoView({ block: "start" });
    list?.focus({ preventScroll: true });
  };
  return (
    <button type="button" className={yours > 0 ? "to-list is-held" : "to-list"} onClick={show}>
      <span>
        <strong>{count(all, "request")}</strong>
        {parts.map((part, index) => (
          <Fragment key={part}>
            {" "}
            <span className="unbroken">
              {part}
              {index + 1 < parts.length && " ·"}
            </span>
          </Fragment>
        ))}
      </span>
      <Glyph name="down" />
    </button>
  );
}
