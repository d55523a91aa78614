import { memo } from "react";
import { dayTime, relative } from "../format.js";
import { ToneIcon } from "../icons.js";
import { LongName } from "../requests/LongName.js";
import { linkTo } from "../selection.js";
import type { OwnedDocument } from "./wire.js";
import { shortId, wordsAt } from "./words.js";

export const FoundRow = memo(function FoundRow({ request, now }: { readonly request: OwnedDocument; readonly now: number }) {
  const { tone, headline, percent } = wordsAt(request, now);
  const { attempt, error } = request;
  const why = [error?.title === headline ? undefined : error?.title, error?.detail].filter(Boolean).join(" ");
  return (
    <li>
      <a className="found-row" href={linkTo(request.id)}>
        <span className="found-state">
          <ToneIcon tone={tone} />
          <span className="found-words">
            <span className="found-headline">{percent === undefined || tone !== "busy" ? headline : `${headline} · ${Math.round(percent)}%`}</span>
            {why && <span className="found-error">{why}</span>}
          </span>
        </span>
        <span className="found-kind">
          {request.kind} <code>{shortId(request.id)}</code>
          {request.fileNames && (
            <span className="found-files">
              <LongName name={request.fileNames.join(", ")} />
            </span>
          )}
        </span>
        <span className="found-attempt">{attempt ? `${attempt.number} of ${attempt.of}` : ""}</span>
        <code className="found-owner" title={request.owner}>
          {shortId(request.owner)}
        </code>
        <time dateTime={request.createdAt} title={dayTime(request.createdAt)}>
          {relative(request.createdAt, now)}
        </time>
      </a>
    </li>
  );
});
