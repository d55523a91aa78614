import type { JournalEntry } from "../journal/journal.js";
import type { Problem, RequestEvent, StatusDocument } from "../wire.js";

/** Where a request is between this device and the server. What the server does with it is in the status document. */
export type Phase =
  | { readonly at: "loading" }
  | { readonly at: "not-found" }
  | { readonly at: "uploading"; readonly sent: number; readonly total: number }
  | { readonly at: "sending" }
  | { readonly at: "waiting"; readonly retryAt: number; readonly reason: "unreachable" | "busy" }
  | { readonly at: "elsewhere" }
  | { readonly at: "file-lost"; readonly name: string }
  | { readonly at: "refused"; readonly problem: Problem }
  | { readonly at: "accepted" };

/** One request as this device sees it. A new object for every change; the same one while nothing changed. */
export interface RequestView {
  readonly id: string;
  readonly kind: string;
  /** What the person would call it: what the device that sent it was told, or elsewhere the names of its files. */
  readonly label: string | undefined;
  readonly createdAt: string;
  readonly phase: Phase;
  readonly cancelAsked: boolean;
  /** A file is too large to be kept on this device: until it is uploaded, the page has to stay open. */
  readonly keepOpen?: boolean;
  readonly status: StatusDocument | undefined;
  /** From version 1 on, without a gap; filled while somebody observes the request. */
  readonly events: readonly RequestEvent[];
}

export function emptyView(id: string): RequestView {
  return {
    id,
    kind: "",
    label: undefined,
    createdAt: "",
    phase: { at: "loading" },
    cancelAsked: false,
    status: undefined,
    events: [],
  };
}

export function withEntry(view: RequestView, entry: JournalEntry): RequestView {
  return {
    ...view,
    kind: view.status?.kind ?? entry.kind,
    label: entry.label ?? view.label,
    createdAt: view.status?.createdAt ?? entry.createdAt,
    phase: view.status ? view.phase : phaseOf(entry, view.phase),
    cancelAsked: entry.cancel ?? false,
    keepOpen: view.status === undefined && entry.uploads.some((upload) => upload.kept === false && !upload.done),
  };
}

/** The newer document wins, whatever order they arrive in. */
export function withStatus(view: RequestView, status: StatusDocument): RequestView {
  const held = view.status;
  if (held !== undefined && held.version > status.version) return view;
  // A list may leave out what only the document itself carries.
  const isSame = held?.version === status.version;
  const next = isSame && status.result === undefined && held.result !== undefined ? { ...status, result: held.result } : status;
  // A list that is polled brings the same again and again: nothing has changed for whoever renders it.
  if (isSame && view.phase.at === "accepted" && JSON.stringify(held) === JSON.stringify(next)) return view;
  return {
    ...view,
    kind: status.kind,
    label: view.label ?? (status.fileNames?.join(", ") || undefined),
    createdAt: status.createdAt,
    phase: { at: "accepted" },
    keepOpen: false,
    status: next,
  };
}

/** Appends what follows on without a gap; what is known already, or lies beyond a gap, changes nothing. */
export function withEvents(view: RequestView, events: readonly RequestEvent[]): RequestView {
  const known = [...view.events];
  for (const event of events) if (event.version === known.length + 1) known.push(event);
  return known.length === view.events.length ? view : { ...view, events: known };
}

/** Without what takes room and can be read again: the events, and a result that is too large for the document. */
export function withoutEvents(view: RequestView): RequestView {
  const { status } = view;
  return { ...view, events: [], status: status?.resultUrl ? { ...status, result: undefined } : status };
}

export function isDone(view: RequestView): boolean {
  return view.status?.done ?? view.phase.at === "refused";
}

/** Whether the document is there with its result, which lists leave out. */
export function hasDocument({ status }: RequestView): boolean {
  return status !== undefined && (status.status !== "Succeeded" || status.result !== undefined);
}

/** Whether every event up to the document's version is there. */
export function isWhole(view: RequestView): boolean {
  return hasDocument(view) && view.events.length >= (view.status?.version ?? 0);
}

function phaseOf(entry: JournalEntry, current: Phase): Phase {
  if (entry.state === "refused") return { at: "refused", problem: entry.problem ?? { title: "Refused.", status: 0 } };
  if (entry.state === "open" && (current.at === "loading" || current.at === "not-found")) return { at: "sending" };
  return current;
}
