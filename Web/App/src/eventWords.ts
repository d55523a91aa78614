import type { RequestEvent } from "aspire-feedback";
import { count, inSeconds } from "./format.js";
import { kindOf, type Tone } from "./words.js";

export interface TimelineStep {
  readonly version: number;
  readonly at: string;
  readonly tone: Tone;
  readonly text: string;
  readonly detail?: string;
}

/** The events as a person would tell them: a run of progress and output is a step each, everything else keeps its own. */
export function timeline(events: readonly RequestEvent[]): readonly TimelineStep[] {
  const steps: TimelineStep[] = [];
  let progress: RequestEvent[] = [];
  let output: RequestEvent[] = [];
  const closeRun = () => {
    if (progress.length > 0) steps.push(progressStep(progress));
    if (output.length > 0) steps.push(outputStep(output));
    [progress, output] = [[], []];
  };
  for (const event of events) {
    if (event.type === "progress-reported") progress.push(event);
    else if (event.type === "output-appended") output.push(event);
    else {
      closeRun();
      steps.push(step(event));
    }
  }
  closeRun();
  return steps;
}

function outputStep(events: readonly RequestEvent[]): TimelineStep {
  const last = events.at(-1) as RequestEvent;
  return { version: last.version, at: last.at, tone: "busy", text: "Output came", detail: count(events.length, "part") };
}

function progressStep(events: readonly RequestEvent[]): TimelineStep {
  const last = events.at(-1) as RequestEvent;
  const percents = events.map((event) => event.data.percent).filter((value) => typeof value === "number").map(Math.round);
  const range = percents.length === 0 ? "Progress" : percents.length === 1 ? `Progress: ${percents[0]}%` : `Progress: ${percents[0]}% to ${percents.at(-1)}%`;
  const updates = events.length > 1 ? `${events.length} updates` : undefined;
  const message = typeof last.data.message === "string" ? last.data.message : undefined;
  const detail = [message, updates].filter(Boolean).join(" · ");
  return { version: last.version, at: last.at, tone: "busy", text: range, ...(detail ? { detail } : {}) };
}

function step(event: RequestEvent): TimelineStep {
  const { data, version, at } = event;
  const make = (tone: Tone, text: string, detail?: string | undefined): TimelineStep => ({ version, at, tone, text, ...(detail ? { detail } : {}) });
  switch (event.type) {
    case "request-accepted":
      return make("quiet", "Accepted and written down");
    case "attempt-started":
      return make("busy", `Attempt ${text(data.attempt) ?? ""} started`, worker(data));
    case "hop-started":
      return make("busy", `Step ${text(data.hop) ?? ""} started`, [kind(data.endpoint), worker(data)].filter(Boolean).join(" "));
    case "hop-forwarded":
      return make("busy", "Handed on to the next step", kind(data.kind));
    case "input-requested":
      return make("held", "Asked a question", text(data.question));
    case "input-provided":
      return make("quiet", "Answered");
    case "attempt-failed":
      return make("held", `Attempt ${text(data.attempt) ?? ""} failed`, [errorTitle(data), next(data, at)].filter(Boolean).join(" · "));
    case "attempt-stalled":
      return make("held", "The worker went quiet", next(data, at));
    case "retry-requested":
      return make("quiet", "Tried again on request", by(data));
    case "cancellation-requested":
      return make("ended", "Asked to stop", by(data));
    case "request-succeeded":
      return make("good", "Done");
    case "request-failed":
      return make("bad", "Failed", errorTitle(data));
    case "request-canceled":
      return make("ended", "Canceled", by(data));
    default:
      // A newer server may tell of things this page has no words for.
      return make("quiet", event.type);
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function kind(value: unknown): string | undefined {
  return typeof value === "string" ? kindOf(value) : undefined;
}

function worker({ worker: name }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof name === "string" ? `on ${name}` : undefined;
}

/** Told only when it was somebody else than the person. */
function by({ by: name }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof name === "string" && /^admin(:|$)/.test(name) ? "by an admin" : undefined;
}

function errorTitle({ error }: Readonly<Record<string, unknown>>): string | undefined {
  const title = typeof error === "object" && error !== null && "title" in error ? error.title : undefined;
  return text(title);
}

function next({ nextAttemptAt }: Readonly<Record<string, unknown>>, at: string): string | undefined {
  return typeof nextAttemptAt === "string" ? `next try ${inSeconds(Date.parse(nextAttemptAt), Date.parse(at))}` : undefined;
}
