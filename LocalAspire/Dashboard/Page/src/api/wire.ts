/** What the AppHost answers; absent values are omitted. */

export interface Settings {
  readonly applicationName: string;
  readonly version: string;
  readonly run: { readonly id: string; readonly startedAt: string };
  readonly limits: Readonly<Record<string, number>>;
  readonly links?: readonly AttributeLink[];
  readonly otlp?: { readonly grpc?: string; readonly http?: string };
}

export interface AttributeLink {
  readonly attribute: string;
  readonly label: string;
  readonly url: string;
}

export interface Run {
  readonly id: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly current: boolean;
  readonly bytes: number;
  readonly logs: number;
  readonly spans: number;
}

export type Health = "Healthy" | "Unhealthy";

export interface Instance {
  readonly id: string;
  readonly state: string;
  readonly health?: Health;
  readonly reason?: string;
  readonly exitCode?: number;
  readonly processId?: number;
  readonly url?: string;
  readonly restarts: number;
  readonly startedAt?: string;
  readonly readyAfterMs?: number;
  readonly cpu?: number;
  readonly memoryBytes?: number;
  readonly commands: readonly string[];
}

export interface Resource {
  readonly name: string;
  readonly type: string;
  readonly state: string;
  readonly health?: Health;
  readonly urls: readonly { readonly name: string; readonly url: string }[];
  readonly instances: readonly Instance[];
  readonly references: readonly string[];
  readonly waitsFor: readonly string[];
  readonly commands: readonly string[];
  readonly hidden: boolean;
}

export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly secret: boolean;
}

export type Usage = Readonly<Record<string, { readonly cpu: number; readonly memoryBytes: number }>>;

export interface Counts {
  readonly logs: number;
  readonly spans: number;
  readonly traces: number;
  readonly points: number;
  readonly bytes: number;
  readonly dropped: { readonly logs: number; readonly spans: number; readonly points: number; /** Of which the file knows nothing: only this run shows them. */ readonly recordings?: number };
}

export interface ConsoleLine {
  readonly n: number;
  readonly instance: string;
  readonly at: string;
  readonly text: string;
}

export interface ConsolePage {
  readonly lines: readonly ConsoleLine[];
  readonly next: number;
  readonly dropped?: number;
}

export type Level = "Trace" | "Debug" | "Information" | "Warning" | "Error" | "Critical";

export const levels: readonly Level[] = ["Trace", "Debug", "Information", "Warning", "Error", "Critical"];

export interface LogRow {
  readonly id: number | string;
  readonly at: string;
  readonly resource: string;
  readonly instance?: string;
  readonly level: Level;
  readonly category: string;
  readonly message: string;
  readonly exception?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly requestId?: string;
}

export type Attributes = Readonly<Record<string, unknown>>;

export interface LogDetail extends LogRow {
  readonly attributes: Attributes;
  readonly resourceAttributes: Attributes;
  readonly scope?: string;
  readonly template?: string;
}

export interface Found<T> {
  readonly items: readonly T[];
  readonly matched: number;
  readonly total?: number;
  readonly hasMore?: boolean;
  readonly next?: string | number;
}

export interface TraceRow {
  readonly traceId: string;
  readonly name: string;
  readonly resource: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly spans: number;
  readonly errors: number;
  readonly logs: number;
  readonly resources: readonly { readonly name: string; readonly spans: number; readonly errors: number }[];
  readonly requestId?: string;
  readonly incomplete?: boolean;
}

export interface SpanRef {
  readonly traceId: string;
  readonly spanId: string;
}

export interface Span extends SpanRef {
  readonly parentSpanId?: string;
  /** The span whose link makes this root of another trace a child in the picture. */
  readonly joinedTo?: SpanRef;
  readonly name: string;
  readonly kind: string;
  readonly resource: string;
  readonly instance?: string;
  readonly scope?: string;
  /** Since the start of the earliest span. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly status: "Unset" | "Ok" | "Error";
  readonly statusMessage?: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly atUs: number; readonly attributes: Attributes }[];
  readonly links: readonly (SpanRef & { readonly attributes: Attributes })[];
  readonly requestId?: string;
}

export interface TraceDetail {
  readonly trace: TraceRow;
  readonly spans: readonly Span[];
  readonly linked: readonly TraceRow[];
  readonly logs: readonly LogRow[];
}

export type InstrumentType = "Counter" | "UpDownCounter" | "Gauge" | "Histogram";

export interface Instrument {
  readonly resource: string;
  readonly meter: string;
  readonly name: string;
  readonly description?: string;
  readonly unit?: string;
  readonly type: InstrumentType;
  readonly dimensions: readonly { readonly key: string; readonly values: readonly string[] }[];
}

export interface Point {
  readonly at: string;
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly p50?: number;
  readonly p90?: number;
  readonly p99?: number;
}

export interface SeriesAnswer {
  readonly unit?: string;
  readonly type: InstrumentType;
  readonly from: string;
  readonly to: string;
  readonly series: readonly { readonly labels: Readonly<Record<string, string>>; readonly points: readonly Point[] }[];
}

export interface SearchAnswer {
  readonly resources: readonly string[];
  readonly logs: Found<LogRow>;
  readonly traces: Found<TraceRow>;
  readonly spans: Found<{ readonly span: SpanRef & { readonly name: string; readonly resource: string; readonly startedAt: string; readonly durationMs: number }; readonly where?: string }>;
  readonly metrics: readonly { readonly resource: string; readonly meter: string; readonly name: string }[];
  readonly console: Found<ConsoleLine>;
}
