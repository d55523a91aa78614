import { type Readable, Store } from "aspire-feedback";

/** What the server tells its page, and no request does. */
export interface Settings {
  /** The largest file in bytes; undefined while nobody has said. */
  readonly maxFileBytes?: number;
  /** A trace id appended to it leads to the trace. */
  readonly traceUrl?: string;
}

const askAgainMs = 5000;
const attempts = 5;

/** Nothing depends on it: what stays unknown is left out, and the server says no by itself. */
export function readSettings(): Readable<Settings> {
  const settings = new Store<Settings>({});
  const ask = async (left: number): Promise<void> => {
    try {
      const response = await fetch("/page.json");
      if (response.ok) settings.set((await response.json()) as Settings);
    } catch {
      // Without a network; the badge tells of that.
      if (left > 0) setTimeout(() => void ask(left - 1), askAgainMs);
    }
  };
  void ask(attempts);
  return settings;
}
