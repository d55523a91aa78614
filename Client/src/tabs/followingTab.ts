import { backoffDelay } from "../backoff.js";
import { isAborted } from "../errors.js";
import type { Attention } from "../following/attention.js";
import type { Follower } from "../following/follower.js";
import type { ConnectionState } from "../following/liveFeed.js";
import { pause } from "../pause.js";
import type { StatusDocument } from "../wire.js";
import type { Line, TabMessage } from "./line.js";

export interface FollowingParts {
  readonly follower: Follower;
  readonly attention: Attention;
  readonly nudge: EventTarget;
  readonly random: () => number;
  readonly show: (state: ConnectionState) => void;
}

/** A tab that is looked at tells the leading one so, this often. */
export const pingMs = 2_000;
/** Another one only that it is there: what it shows in its title goes on. Browsers let its timers fire once a minute at times. */
export const hiddenPingMs = 60_000;
/** The lock of a tab that died is free at once; these are for one that lives and does not move, such as in a debugger. */
const unansweredLimit = 4;

/** A tab while another one has the connection: hears from it what happens, and reads for itself what it may have missed. */
export class FollowingTab {
  readonly #parts: FollowingParts;
  readonly #line: Line;
  #leading: ConnectionState = { state: "catching-up" };
  #isHidden = false;
  #untold: number | undefined;
  /** Counts the leader's connections, and its silences: what is read during one is no catching up with the next. */
  #connections = 0;
  #caughtUp = 0;
  #isCatchingUp = false;
  #isReading = false;
  #isAnswered = true;

  constructor(line: Line, parts: FollowingParts) {
    this.#line = line;
    this.#parts = parts;
  }

  /** Runs until the signal aborts; true when the leading tab does not answer any more, or is in no state to connect for one that is looked at. */
  async run(signal: AbortSignal): Promise<boolean> {
    const { attention, nudge } = this.#parts;
    this.#line.onmessage = ({ data }) => this.#hear(data, signal);
    this.#parts.follower.missed();
    try {
      for (let unanswered = 0; unanswered < unansweredLimit; ) {
        const asks = attention.isHere();
        this.#isAnswered = !asks;
        this.#line.postMessage({ tell: "ping", isHidden: !asks });
        const isNudged = await pause(asks ? pingMs : hiddenPingMs, signal, nudge);
        if (isNudged) continue;
        // The timers of a hidden tab may fire once a minute; ours fire.
        if (asks && this.#isHidden && !isSure(this.#leading)) return true;
        unanswered = this.#isAnswered ? 0 : unanswered + 1;
      }
      return true;
    } catch (error) {
      if (!isAborted(error)) throw error;
      return false;
    } finally {
      this.#line.onmessage = null;
    }
  }

  #hear(message: TabMessage, signal: AbortSignal): void {
    if (message.tell === "ping") return;
    this.#isAnswered = true;
    if (message.tell === "changed") this.#parts.follower.changed(message.changed);
    else if (message.tell === "list") this.#listIs(message.statuses, signal);
    else {
      this.#isHidden = message.isHidden;
      const isToldAll = message.untold === this.#untold;
      this.#untold = message.untold;
      this.#stateIs(message.state, isToldAll, signal);
    }
  }

  /** The leading tab tells what it polls; of what is older than the list it may know nothing. */
  #listIs(statuses: readonly StatusDocument[], signal: AbortSignal): void {
    const { attention, follower } = this.#parts;
    follower.take(statuses);
    const isPolled = this.#leading.state === "live" && this.#leading.channel === "polling";
    if (!isPolled || this.#isReading || !attention.isHere()) return;
    this.#isReading = true;
    // What fails is read with the next list.
    follower.readOthers(statuses, signal).catch(() => undefined).finally(() => (this.#isReading = false));
  }

  #stateIs(state: ConnectionState, isToldAll: boolean, signal: AbortSignal): void {
    if (state.state !== "live" || !isToldAll) this.#parts.follower.missed();
    const isNew = state.state === "live" && (this.#leading.state !== "live" || !isToldAll);
    this.#leading = state;
    if (isNew) this.#connections++;
    if (state.state !== "live" || this.#caughtUp === this.#connections) this.#parts.show(state);
    else if (!this.#isCatchingUp) void this.#catchUp(signal);
    // What failed with the last connection may work with this one: its wait is over.
    else if (isNew) this.#parts.nudge.dispatchEvent(new Event("nudge"));
  }

  async #catchUp(signal: AbortSignal): Promise<void> {
    const { follower, nudge, random, show } = this.#parts;
    this.#isCatchingUp = true;
    show({ state: "catching-up" });
    try {
      for (let failures = 0; this.#leading.state === "live" && this.#caughtUp < this.#connections; ) {
        const connection = this.#connections;
        try {
          await follower.refresh(signal);
          this.#caughtUp = connection;
        } catch {
          // Refused or not answered: the connection of the other tab lives, so it is worth trying again.
          await pause(backoffDelay(failures++, random()), signal, nudge);
        }
      }
      if (this.#leading.state === "live") show(this.#leading);
    } catch {
      // The signal: this tab leads now, or is gone.
    } finally {
      this.#isCatchingUp = false;
    }
  }
}

function isSure(state: ConnectionState): boolean {
  return state.state === "live" && !state.isInDoubt;
}
