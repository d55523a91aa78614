import type { StatusDocument } from "aspire-feedback";
import { Otherwise } from "../Otherwise.js";
import { isProfile } from "../profile/profile.js";
import { ProfileReport } from "../profile/ProfileReport.js";
import { PlainResult } from "./PlainResult.js";

/** A report for what the page knows how to read, the plain values for everything else. */
export function Result({ status }: { readonly status: StatusDocument }) {
  const { kind, result } = status;
  if (result === undefined) return null;
  const plain = <PlainResult result={result} />;
  if (kind !== "csv-profile" || !isProfile(result)) return plain;
  return (
    <Otherwise show={plain}>
      <ProfileReport profile={result} />
    </Otherwise>
  );
}
