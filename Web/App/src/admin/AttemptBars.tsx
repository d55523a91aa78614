import { duration } from "../format.js";
import { ToneIcon } from "../icons.js";
import { type Bar, type Lane, lanes } from "./bars.js";
import type { AttemptSpan } from "./wire.js";
import { outcomeWords, toneOf } from "./words.js";

interface Props {
  readonly attempts: readonly AttemptSpan[];
  readonly upTo: number | undefined;
  readonly now: number;
}

export function AttemptBars({ attempts, upTo, now }: Props) {
  return (
    <section className="attempts" aria-labelledby="attempts-title">
      <h2 id="attempts-title">Attempts</h2>
      {upTo !== undefined && <p className="fine">Told up to version {upTo}: the stream is longer than one call reads.</p>}
      <ol>
        {lanes(attempts, now).map((lane) => (
          <AttemptLane key={lane.attempt.number} lane={lane} now={now} />
        ))}
      </ol>
      <p className="legend fine" aria-hidden="true">
        <i className="is-waited" /> waiting <i className="is-took" /> working
      </p>
    </section>
  );
}

function AttemptLane({ lane, now }: { readonly lane: Lane; readonly now: number }) {
  const { attempt, bars, waiting, pauseMs } = lane;
  const tone = toneOf[attempt.outcome];
  const isPlanned = attempt.runs.length === 0 && Date.parse(attempt.dueAt) > now;
  return (
    <li className="attempt">
      {pauseMs >= 100 && <p className="pause">{duration(pauseMs)} later</p>}
      <p className="attempt-head">
        <ToneIcon tone={tone} />
        <strong>Attempt {attempt.number}</strong>
        <span>{isPlanned ? "is planned" : outcomeWords[attempt.outcome]}</span>
        {waiting && !isPlanned && <span className="attempt-times">waiting for {duration(waiting.ms)}</span>}
        {attempt.runs.length > 0 && (
          <span className="attempt-times">
            waited {duration(attempt.waitedMs ?? 0)}, {attempt.tookMs === undefined ? "running" : "took"} {duration(attempt.tookMs ?? sinceStart(attempt, now))}
          </span>
        )}
      </p>
      {attempt.error && <p className="attempt-error">{[attempt.error.title, attempt.error.detail].filter(Boolean).join(" ")}</p>}
      {waiting && !isPlanned && (
        <div className="lane">
          <span className="bar-waited" style={{ left: `${waiting.left}%`, width: `${waiting.width}%` }} />
        </div>
      )}
      {bars.length > 0 && (
        <ul>
          {bars.map((bar) => (
            <RunLane key={`${bar.run.run}-${bar.run.hop}`} bar={bar} />
          ))}
        </ul>
      )}
    </li>
  );
}

function RunLane({ bar }: { readonly bar: Bar }) {
  const { run } = bar;
  const where = [run.endpoint, run.worker && `on ${run.worker}`, run.redelivered && "delivered again"].filter(Boolean).join(" ");
  return (
    <li className={`run tone-of-${toneOf[run.outcome]}`}>
      <div className="lane" aria-hidden="true">
        <span className="bar-waited" style={{ left: `${bar.left}%`, width: `${bar.waited}%` }} />
        <span className="bar-took" style={{ left: `${bar.left + bar.waited}%`, width: `${bar.took}%` }} />
      </div>
      <p className="run-words">
        <span>
          Hop {run.hop}
          {where && `, ${where}`}: {outcomeWords[run.outcome]}
        </span>
        <span className="run-times">
          {duration(run.waitedMs)} + {duration(bar.tookMs)}
        </span>
      </p>
    </li>
  );
}

function sinceStart(attempt: AttemptSpan, now: number): number {
  return Math.max(0, now - Date.parse(attempt.runs[0]?.startedAt ?? attempt.dueAt));
}
