import { query, toLogin } from "./call.js";
import { takeSlot } from "./streamSlot.js";
import { whileVisible } from "./whileVisible.js";
import type { ConsoleLine, ConsolePage, Counts, Resource, Settings, Usage } from "./wire.js";

export type Connection = "connecting" | "open" | "lost";

export interface Sample {
  readonly cpu: number;
  readonly memoryBytes: number;
}

export interface Now {
  readonly connection: Connection;
  readonly settings: Settings | undefined;
  readonly resources: readonly Resource[] | undefined;
  readonly usage: ReadonlyMap<string, readonly Sample[]>;
  readonly counts: Counts | undefined;
  /** Grows with everything that arrives, and once more after the AppHost came back. */
  readonly tick: number;
}

/** Whose lines the stream is to bring along, and from where on. */
interface Reading {
  readonly resource: string | undefined;
  readonly onLines: (lines: readonly ConsoleLine[]) => void;
  after: number;
}

const samplesKept = 60;
const againAfterMs = 1500;
const pollMs = 2000;

/**
 * The one stream that the page listens to; it is opened again for as long as the page is there to be seen. A console's lines come with it: a stream of
 * their own would be a second of the six connections that a browser has for all pages from here. A window that finds too many streams open reads
 * what one would have told every two seconds, until it may have its own.
 */
export class Live {
  #now: Now = { connection: "connecting", settings: undefined, resources: undefined, usage: new Map(), counts: undefined, tick: 0 };
  readonly #listeners = new Set<() => void>();
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reading: Reading | undefined;
  /** Of the connection that is open or on its way. */
  #signal: AbortSignal | undefined;
  #mayStay = false;

  get now(): Now {
    return this.#now;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** What is written from now on, a batch at a time; one reader at a time. Returns what ends it. */
  read(resource: string | undefined, after: number, onLines: Reading["onLines"]): () => void {
    const reading: Reading = { resource, after, onLines };
    this.#reading = reading;
    this.#relisten();
    return () => {
      if (this.#reading !== reading) return;
      this.#reading = undefined;
      this.#relisten();
    };
  }

  /** Returns what ends it. */
  start(): () => void {
    return whileVisible(() => {
      const abort = new AbortController();
      this.#signal = abort.signal;
      this.#mayStay = false;
      void this.#connect(abort.signal);
      return () => {
        abort.abort();
        clearTimeout(this.#timer);
        this.#close();
      };
    });
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  /** Another question to the same server: what is on its way asks it anyhow. */
  #relisten(): void {
    if (this.#source === undefined || this.#signal === undefined || this.#signal.aborted) return;
    this.#close();
    clearTimeout(this.#timer);
    this.#listen(this.#signal);
  }

  async #connect(signal: AbortSignal): Promise<void> {
    try {
      const response = await fetch("/api/settings", { cache: "no-store", signal });
      if (response.status === 401) return toLogin();
      if (!response.ok) throw new Error(`The AppHost answered ${response.status}.`);
      const settings = (await response.json()) as Settings;
      if (signal.aborted) return;
      this.#change({ settings, ...(settings.run.id === this.#now.settings?.run.id ? {} : { usage: new Map(), counts: undefined }) });
      await this.#open(signal);
    } catch {
      this.#lose(signal);
    }
  }

  async #open(signal: AbortSignal): Promise<void> {
    this.#mayStay ||= await takeSlot(signal);
    if (!signal.aborted) this.#listen(signal);
  }

  #listen(signal: AbortSignal): void {
    const reading = this.#reading;
    const once = !this.#mayStay;
    this.#close();
    const source = new EventSource(`/api/stream${query({ ...(reading && { console: true, resource: reading.resource, after: reading.after }), once })}`);
    this.#source = source;
    let isOpen = false;
    const on = <T>(name: string, handle: (data: T) => Partial<Now>) =>
      source.addEventListener(name, (event) => this.#change(handle(JSON.parse((event as MessageEvent<string>).data) as T)));
    source.onopen = () => {
      isOpen = true;
      this.#change({ connection: "open", tick: this.#now.tick + 1 });
    };
    source.onerror = () => {
      if (once && isOpen) {
        // Told all that there was: that is how it ends.
        source.close();
        this.#timer = setTimeout(() => void this.#open(signal), pollMs);
        return;
      }
      this.#close();
      this.#lose(signal);
    };
    on<{ resources: readonly Resource[] }>("resources", ({ resources }) => ({ resources: resources.filter(({ hidden }) => !hidden) }));
    on<{ instances: Usage }>("usage", ({ instances }) => ({ usage: extend(this.#now.usage, instances) }));
    source.addEventListener("lines", (event) => {
      if (reading === undefined || reading !== this.#reading) return;
      const { lines, next } = JSON.parse((event as MessageEvent<string>).data) as ConsolePage;
      reading.after = next;
      reading.onLines(lines);
    });
    on<Counts>("telemetry", (counts) => ({ counts, tick: this.#now.tick + 1 }));
  }

  #lose(signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#change({ connection: "lost" });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#connect(signal), againAfterMs);
  }

  #change(change: Partial<Now>): void {
    this.#now = { ...this.#now, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** An instance that is no longer told of is no longer kept. */
export function extend(before: ReadonlyMap<string, readonly Sample[]>, usage: Usage): ReadonlyMap<string, readonly Sample[]> {
  return new Map(Object.entries(usage).map(([id, sample]) => [id, [...(before.get(id) ?? []).slice(1 - samplesKept), sample]]));
}
