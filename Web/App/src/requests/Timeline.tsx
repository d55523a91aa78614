import type { RequestEvent } from "aspire-feedback";
import { useMemo } from "react";
import { clockTime, dayOf, duration } from "../format.js";
import { timeline } from "../eventWords.js";

export function Timeline({ events, isOpen }: { readonly events: readonly RequestEvent[]; readonly isOpen: boolean }) {
  const steps = useMemo(() => timeline(events), [events]);
  const start = Date.parse(events[0]?.at ?? "");
  return (
    <section className="timeline" aria-labelledby="timeline-title">
      <h2 id="timeline-title">What happened</h2>
      <ol className={isOpen ? "is-open" : ""}>
        {steps.map((step, index) => (
          <li key={step.version} className={`tone-of-${step.tone}`}>
            <time dateTime={step.at} title={`+${duration(Date.parse(step.at) - start)}`}>
              {clockTime(step.at)}
              {isNewDay(step.at, steps[index - 1]?.at) && <span className="step-day">{dayOf(step.at)}</span>}
            </time>
            <div className="step">
              <span className="step-text">{step.text}</span>
              {step.detail && <span className="step-detail">{step.detail}</span>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The day of the first step stands above already. */
function isNewDay(at: string, before: string | undefined): boolean {
  return before !== undefined && dayOf(at) !== dayOf(before);
}
