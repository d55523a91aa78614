import { toHex } from "./uuid.js";

/** A W3C trace context header value that starts a sampled trace in this browser. */
export function newTraceparent(bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(24))): string {
  const hex = toHex(bytes);
  return `00-${hex.slice(0, 32)}-${hex.slice(32)}-01`;
}
