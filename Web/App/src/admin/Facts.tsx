import type { ReactNode } from "react";
import { dayTime } from "../format.js";
import { Copy } from "./Copy.js";
import { noFilters, writeFilters } from "./filters.js";
import type { AdminDocument } from "./wire.js";

/** What finds the request elsewhere: its owner, its trace, its limits. */
export function Facts({ document }: { readonly document: AdminDocument }) {
  const { attempt } = document;
  return (
    <dl className="facts">
      <Fact name="Status">{document.stalled ? `${document.status}, stalled` : document.status}</Fact>
      <Fact name="Kind">{document.kind}</Fact>
      <Fact name="Version">{document.version}</Fact>
      {attempt && (
        <Fact name="Attempt">
          {attempt.number} of {attempt.of}
          {attempt.nextAt && `, next at ${dayTime(attempt.nextAt)}`}
        </Fact>
      )}
      <Fact name="Last change">{dayTime(document.lastUpdatedAt)}</Fact>
      {!document.done && document.deadline && <Fact name="Deadline">{dayTime(document.deadline)}</Fact>}
      {document.expiresAt && <Fact name="Kept until">{dayTime(document.expiresAt)}</Fact>}
      {document.cancelRequestedAt && <Fact name="Cancel asked for">{dayTime(document.cancelRequestedAt)}</Fact>}
      <Fact name="Owner" wide>
        <Copy text={document.owner} label="the owner's id" />
        <a href={`/admin${writeFilters({ ...noFilters, owner: document.owner })}`}>All of theirs</a>
      </Fact>
      {document.submittedBy && (
        <Fact name="Submitted by" wide>
          <Copy text={document.submittedBy} label="the id of who submitted it" />
          <span>a guest who signed in since</span>
        </Fact>
      )}
      {document.traceId && (
        <Fact name="Trace" wide>
          <Copy text={document.traceId} label="the trace id" />
          {document.traceUrl && (
            <a href={document.traceUrl} target="_blank" rel="noreferrer">
              Open in the dashboard
            </a>
          )}
        </Fact>
      )}
      {document.fileNames && <Fact name={document.fileNames.length === 1 ? "File's name" : "Files' names"}>{document.fileNames.join(", ")}</Fact>}
      {document.files && document.files.length > 0 && (
        <Fact name={document.files.length === 1 ? "File" : "Files"} wide>
          {document.files.map((file) => (
            <Copy key={file} text={file} label="the id of a file" />
          ))}
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, wide, children }: { readonly name: string; readonly wide?: boolean; readonly children: ReactNode }) {
  return (
    <div className={wide ? "fact is-wide" : "fact"}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
