import type { Phase, RequestView, StatusDocument } from "aspire-feedback";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { LongName } from "../src/requests/LongName.js";
import { tabOf, tabOfAll } from "../src/tab.js";
import { isNeededFor } from "../src/useStayOpen.js";

const at = "2026-01-01T10:00:00Z";
const view = (status: Partial<StatusDocument>, phase: Phase = { at: "accepted" }): RequestView => ({
  ...{ id: "a", kind: "echo", label: undefined, createdAt: at, cancelAsked: false, phase, events: [] },
  status: { ...{ id: "a", kind: "echo", status: "Pending", done: false, version: 1, createdAt: at, lastUpdatedAt: at }, ...status },
});

describe("the tab", () => {
  it("tells of one request how far it is", () => {
    expect(tabOf(view({ status: "Running", percentComplete: 41.7, message: "Reading" }), 0)).toEqual({ title: "42% · Echo", icon: "/icon-busy.svg" });
    expect(tabOf(view({ status: "Held" }), 0).icon).toBe("/icon-held.svg");
    expect(tabOf(view({ status: "Succeeded", done: true }), 0)).toEqual({ title: "Done in 0 ms · Echo", icon: "/icon.svg" });
  });

  it("tells of many what matters most", () => {
    const seen = { since: "2026-01-01T00:00:00Z", opened: [] };
    const [done, running, held] = [view({ status: "Succeeded", done: true }), view({ status: "Running" }), view({ status: "Held" })];
    expect(tabOfAll([done, running, held, held], seen)).toEqual({ title: "2 need you · AspireFeedback", icon: "/icon-held.svg" });
    expect(tabOfAll([done, running], seen).title).toBe("1 under way · AspireFeedback");
    expect(tabOfAll([done], seen)).toEqual({ title: "1 new · AspireFeedback", icon: "/icon-news.svg" });
    expect(tabOfAll([done], { ...seen, opened: ["a"] })).toEqual({ title: "AspireFeedback", icon: "/icon.svg" });
  });
});

describe("a page that is left", () => {
  const uploading = { at: "uploading", sent: 1, total: 2 } as const;
  it("asks first while it alone has the file", () => {
    const phases: Phase[] = [uploading, { at: "sending" }, { at: "waiting", retryAt: 0, reason: "busy" }, { at: "elsewhere" }, { at: "accepted" }];
    expect(phases.map((phase) => isNeededFor({ ...view({}, phase), keepOpen: true }))).toEqual([true, true, true, false, false]);
    expect(isNeededFor(view({}, uploading))).toBe(false);
  });
});

describe("a long name", () => {
  const shown = (name: string) => renderToStaticMarkup(createElement(LongName, { name }));
  it("keeps its end, is whole to screen readers, and never cuts a letter in two", () => {
    expect(shown("short.csv")).toBe("short.csv");
    expect(shown("Echo: a sentence that is too long")).toBe("Echo: a sentence that is too long");
    const name = `${"x".repeat(20)}😀012345.csv`;
    expect(shown(name)).toContain(`${"x".repeat(20)}</span><span aria-hidden="true">😀012345.csv</span>`);
    expect(shown(name)).toContain(`<span class="unseen">${name}</span>`);
  });
});
