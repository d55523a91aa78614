import type { RequestView, StatusDocument } from "aspire-feedback";
import { bytes, count, dayTime, duration, inSeconds, ordinal, wholeSeconds } from "./format.js";
import { payloadOf } from "./requests/again.js";

/** How a state looks; each tone has its own icon, so that nothing depends on colour alone. */
export type Tone = "quiet" | "busy" | "good" | "held" | "bad" | "ended";

export interface Words {
  readonly tone: Tone;
  /** What is happening now, in one line. */
  readonly headline: string;
  /** What that means for the person, when it is not plain. */
  readonly more?: string;
  /** 0 to 100, or undefined when nobody knows. */
  readonly percent?: number;
}

export function nameOf(view: RequestView): string {
  return ownNameOf(view) ?? (view.kind === "" ? "Request" : kindOf(view.kind));
}

/** What its person called it on this device; elsewhere what was asked for tells, once that is here. Undefined while only its kind is known. */
export function ownNameOf(view: RequestView): string | undefined {
  return view.label ?? titleOf(view.kind, payloadOf(view));
}

export function titleOf(kind: string, payload: Readonly<Record<string, unknown>> = {}): string | undefined {
  const { text, amount, currency } = payload;
  if (kind === "echo" && typeof text === "string") return `Echo: ${text.slice(0, 40)}`;
  return kind === "checkout" && typeof amount === "number" ? `Checkout: ${amount} ${String(currency ?? "")}`.trim() : undefined;
}

export function kindOf(kind: string): string {
  const names: Record<string, string> = { "csv-profile": "CSV profile", checkout: "Checkout", "checkout-stock": "Stock", "checkout-shipping": "Shipping", echo: "Echo" };
  return names[kind] ?? kind;
}

export function wordsFor(view: RequestView, now: number): Words {
  const { phase, status, keepOpen = false } = view;
  if (status !== undefined) return statusWords(status, now);
  switch (phase.at) {
    case "loading":
      return { tone: "quiet", headline: "Looking it up" };
    case "not-found":
      return { tone: "ended", headline: "Nothing is known under this id", more: "It may belong to somebody else, or it was kept long enough and is gone." };
    case "uploading":
      return uploadWords(phase.sent, phase.total, keepOpen);
    case "sending":
      return { tone: "busy", headline: "Sending your request", more: keepOpen ? unkept : "It is written down on this device already: a reload will not lose it." };
    case "waiting":
      return waitingWords(phase.reason, inSeconds(phase.retryAt, now), keepOpen);
    case "elsewhere":
      return { tone: "busy", headline: "Another window is sending this", more: keepOpen ? "Only that window has the file: keep it open until the file is uploaded." : "If that window closes, this one goes on." };
    case "file-lost":
      return { tone: "held", headline: "The upload was cut off", more: `This page no longer has ${phase.name}. Nothing was started; choose the file again to go on.` };
    case "refused":
      return { tone: "bad", headline: phase.problem.title, more: refusalDetail(phase.problem) };
    case "accepted":
      return { tone: "quiet", headline: "Accepted" };
  }
}

const unkept = "The file could not be kept on this device: keep this page open until it is uploaded.";

function waitingWords(reason: "unreachable" | "busy", next: string, keepOpen: boolean): Words {
  const safety = keepOpen ? unkept : "Your request is safe on this device.";
  return reason === "busy"
    ? { tone: "quiet", headline: `The system is busy. Next try ${next}`, more: safety }
    : { tone: "quiet", headline: "Not sent yet", more: `${safety} It is sent when the connection is back; next try ${next}.` };
}

function uploadWords(sent: number, total: number, keepOpen: boolean): Words {
  if (sent >= total) return { tone: "busy", headline: "Uploaded, waiting for the server to confirm", percent: 100, ...(keepOpen ? { more: "Keep this page open until it has." } : {}) };
  const more = keepOpen ? "Keep this page open until it is uploaded; afterwards you may close it." : "If you reload or close this page, the upload goes on when you come back.";
  return { tone: "busy", headline: `Uploading: ${bytes(sent)} of ${bytes(total)}`, more, percent: (sent / total) * 100 };
}

function statusWords(status: StatusDocument, now: number): Words {
  if (status.cancelRequestedAt && !status.done) return { tone: "busy", headline: "Stopping", more: "The worker is told to stop. If it was just about to finish, you get its result." };
  switch (status.status) {
    case "Pending":
      return pendingWords(status, now);
    case "Running":
      return runningWords(status);
    case "InputRequired":
      return { tone: "held", headline: status.input?.question ?? "Your answer is needed", more: "The work waits for your answer." };
    case "Held":
      return { tone: "held", headline: `Paused after ${attempts(status)}`, more: "Nothing is lost. Try again or stop." };
    case "Succeeded":
      return { tone: "good", headline: `Done in ${duration(Date.parse(status.lastUpdatedAt) - Date.parse(status.createdAt))}` };
    case "Failed":
      return { tone: "bad", headline: status.error?.title ?? "It failed", ...(status.error?.detail ? { more: status.error.detail } : {}) };
    case "Canceled":
      return { tone: "ended", headline: "Canceled" };
  }
}

function pendingWords({ attempt, queue }: StatusDocument, now: number): Words {
  if (attempt?.nextAt && Date.parse(attempt.nextAt) > now) {
    return { tone: "quiet", headline: `Attempt ${attempt.number} of ${attempt.of} starts ${inSeconds(Date.parse(attempt.nextAt), now)}`, more: "The last attempt failed; the next one is already planned." };
  }
  if (queue && queue.position > 0) {
    const eta = queue.etaSeconds == null ? "" : `, about ${wholeSeconds(queue.etaSeconds * 1000)} to go`;
    return { tone: "quiet", headline: `${ordinal(queue.position)} in line${eta}` };
  }
  return { tone: "quiet", headline: "Waiting for a free worker" };
}

function runningWords({ message, percentComplete, stalled, deadline }: StatusDocument): Words {
  // Only of a kind whose work no other worker takes over.
  if (stalled) return { tone: "held", headline: "The worker has gone quiet", more: `It may come back. You can cancel${deadline ? `; at the latest it ends on ${dayTime(deadline)}` : ""}.` };
  return { tone: "busy", headline: message ?? "Working on it", ...(percentComplete == null ? {} : { percent: percentComplete }) };
}

function attempts({ attempt }: StatusDocument): string {
  return attempt ? count(attempt.of, "failed attempt") : "failed attempts";
}

function refusalDetail(problem: { readonly detail?: string; readonly errors?: Readonly<Record<string, readonly string[]>> }): string {
  const fields = Object.entries(problem.errors ?? {}).map(([field, errors]) => `${field}: ${errors.join(" ")}`);
  return [problem.detail, ...fields].filter(Boolean).join(" ") || "The server did not take this request. Nothing was started.";
}
