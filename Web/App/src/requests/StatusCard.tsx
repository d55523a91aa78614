import type { RequestView } from "aspire-feedback";
import { useConnection } from "../Connection.js";
import { wholeSeconds } from "../format.js";
import { ToneIcon } from "../icons.js";
import { type Words, wordsFor } from "../words.js";
import { Actions } from "./Actions.js";
import { useKeepFocus } from "./useKeepFocus.js";
import { timeLeft } from "./timeLeft.js";

const cutOff: Words = { tone: "quiet", headline: "Not to be seen without the server", more: "It is shown as soon as the server can be reached again." };

export function StatusCard({ view, now }: { readonly view: RequestView; readonly now: number }) {
  const isCutOff = useConnection().state === "offline" && view.phase.at === "loading";
  const { tone, headline, more, percent } = isCutOff ? cutOff : wordsFor(view, now);
  const { status } = view;
  const left = timeLeft(view);
  const isHeld = status?.status === "Held";
  const card = useKeepFocus();
  return (
    <section ref={card} className={`status tone-of-${tone}`} aria-label="Status" tabIndex={-1}>
      <div className="status-line">
        <ToneIcon tone={tone} />
        <p className="headline">{headline}</p>
        {percent !== undefined && tone === "busy" && <p className="percent">{Math.round(percent)}%</p>}
      </div>
      {tone === "busy" && <Bar percent={percent} label={headline} />}
      {more && <p className="more">{more}</p>}
      {left !== undefined && <p className="more">About {wholeSeconds(left)} to go</p>}
      {isHeld && status.error && (
        <p className="reason">
          Last error: {status.error.title} {status.error.detail}
        </p>
      )}
      {status?.status === "Running" && status.attempt && status.attempt.number > 1 && (
        <p className="reason">
          Attempt {status.attempt.number} of {status.attempt.of}
        </p>
      )}
      <Actions view={view} />
    </section>
  );
}

function Bar({ percent, label }: { readonly percent: number | undefined; readonly label: string }) {
  const known = percent === undefined ? {} : { "aria-valuenow": Math.round(percent), "aria-valuemin": 0, "aria-valuemax": 100 };
  return (
    <div className={percent === undefined ? "bar is-unknown" : "bar"} role="progressbar" aria-label={label} {...known}>
      <span style={percent === undefined ? {} : { width: `${percent}%` }} />
    </div>
  );
}
