import type { Health, Resource } from "../api/wire.js";

export type Tone = "good" | "busy" | "held" | "bad" | "quiet";

/** Aspire's words for states, as they stand on the wire. */
export function toneOf(state: string, health?: Health): Tone {
  switch (state) {
    case "Running":
      return health === "Unhealthy" ? "held" : "good";
    case "FailedToStart":
    case "RuntimeUnhealthy":
      return "bad";
    case "Starting":
    case "Waiting":
    case "Stopping":
      return "busy";
    case "Exited":
      return "bad";
    default:
      return "quiet";
  }
}

const words: Readonly<Record<string, string>> = {
  FailedToStart: "Failed to start",
  NotStarted: "Not started",
  RuntimeUnhealthy: "Unhealthy runtime",
};

export function stateWords(state: string, health?: Health): string {
  const word = words[state] ?? state;
  return state === "Running" && health === "Unhealthy" ? "Running, unhealthy" : word;
}

/** What needs somebody comes first. */
export function needsSomebody({ state, health, instances }: Resource): boolean {
  const isBad = (one: { readonly state: string; readonly health?: Health }) => ["bad", "held"].includes(toneOf(one.state, one.health));
  return isBad({ state, ...(health && { health }) }) || instances.some(isBad);
}
