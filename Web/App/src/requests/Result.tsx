import type { StatusDocument } from "aspire-feedback";
import { Otherwise } from "../Otherwise.js";
import { isProfile } from "../profile/profile.js";
import { ProfileReport } from "../profile/ProfileReport.js";

/** A report for what the page knows how to read, the plain JSON for everything else. */
export function Result({ status }: { readonly status: StatusDocument }) {
  const { kind, result } = status;
  if (result === undefined) return null;
  const plain = <Plain result={result} />;
  if (kind === "csv-profile" && isProfile(result)) {
    return (
      <Otherwise show={plain}>
        <ProfileReport profile={result} />
      </Otherwise>
    );
  }
  return plain;
}

function Plain({ result }: { readonly result: unknown }) {
  const text = isEcho(result) ? result.text : JSON.stringify(result, null, 2);
  return (
    <section className="result" aria-label="Result">
      <pre>{text}</pre>
    </section>
  );
}

function isEcho(result: unknown): result is { readonly text: string } {
  return typeof result === "object" && result !== null && "text" in result && typeof result.text === "string";
}
