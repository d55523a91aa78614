import type { RequestView } from "aspire-feedback";
import { Glyph } from "../icons.js";
import { nameOf } from "../words.js";
import { RunAgain } from "./RunAgain.js";

/** What one can do with a request that is over. */
export function Ended({ view }: { readonly view: RequestView }) {
  const { id, status } = view;
  return (
    <div className="actions">
      {status?.status === "Succeeded" && (
        // From the server, so that it is as the worker wrote it, whatever its size.
        <a className="button" href={`/requests/${id}/result`} download={fileName(nameOf(view))}>
          <Glyph name="download" />
          Download the result
        </a>
      )}
      <RunAgain view={view} />
    </div>
  );
}

function fileName(name: string): string {
  return `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 80)}.result.json`;
}
