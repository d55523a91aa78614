import type { RequestView } from "aspire-feedback";
import { memo } from "react";
import { relative } from "../format.js";
import { ToneIcon } from "../icons.js";
import { linkTo } from "../selection.js";
import { nameOf, ownNameOf, wordsFor } from "../words.js";
import { LongName } from "./LongName.js";

interface Props {
  readonly view: RequestView;
  readonly now: number;
  readonly isSelected: boolean;
  /** It has ended, and nobody has looked at it since. */
  readonly isNews: boolean;
}

export const RequestRow = memo(function RequestRow({ view, now, isSelected, isNews }: Props) {
  const { tone, headline, percent } = wordsFor(view, now);
  const shownPercent = tone === "busy" ? percent : undefined;
  return (
    <li>
      <a className={isNews ? "row is-news" : "row"} href={linkTo(view.id)} aria-current={isSelected ? "page" : undefined}>
        <ToneIcon tone={tone} />
        <span className="row-text">
          <span className="row-name">
            {isNews && <span className="unseen">New: </span>}
            <LongName name={nameOf(view)} />
            {ownNameOf(view) === undefined && <code className="row-id"> …{view.id.slice(-6)}</code>}
          </span>
          <span className="row-state">
            <span>{headline}</span>
            {shownPercent !== undefined && <span>{Math.round(shownPercent)}%</span>}
          </span>
        </span>
        {view.createdAt && (
          <time className="row-time" dateTime={view.createdAt}>
            {relative(view.createdAt, now)}
          </time>
        )}
        {shownPercent !== undefined && (
          <span className="row-bar" aria-hidden="true">
            <span style={{ transform: `scaleX(${shownPercent / 100})` }} />
          </span>
        )}
      </a>
    </li>
  );
});
