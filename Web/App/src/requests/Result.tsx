import type { StatusDocument } from "aspire-feedback";
import { Glyph } from "../icons.js";
import { Otherwise } from "../Otherwise.js";
import { isProfile } from "../profile/profile.js";
import { ProfileReport } from "../profile/ProfileReport.js";
import { PlainResult } from "./PlainResult.js";

/** A report for what the page knows how to read, the plain values for everything else. */
export function Result({ status, name }: { readonly status: StatusDocument; readonly name: string }) {
  const { id, kind, result } = status;
  if (result === undefined) return null;
  const plain = <PlainResult result={result} />;
  return (
    <>
      {kind === "csv-profile" && isProfile(result) ? (
        <Otherwise show={plain}>
          <ProfileReport profile={result} />
        </Otherwise>
      ) : (
        plain
      )}
      <p className="download">
        {/* From the server, so that it is as the worker wrote it, whatever its size. */}
        <a className="button small" href={`/requests/${id}/result`} download={fileName(name)}>
          <Glyph name="download" />
          Download the result
        </a>
      </p>
    </>
  );
}

function fileName(name: string): string {
  return `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80)}.result.json`;
}
