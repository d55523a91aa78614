import type { Health } from "../api/wire.js";
import { stateWords, toneOf } from "./states.js";

export function State({ state, health }: { readonly state: string; readonly health: Health | undefined }) {
  return (
    <span className={`state tone-${toneOf(state, health)}`}>
      <i aria-hidden="true" />
      {stateWords(state, health)}
    </span>
  );
}
