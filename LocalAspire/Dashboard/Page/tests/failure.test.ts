import { describe, expect, it } from "vitest";
import type { Span } from "../src/api/wire.js";
import { exceptionsOf, whatFailed, withoutStack } from "../src/traces/failure.js";

const failed = (statusMessage: string | undefined, ...events: readonly Readonly<Record<string, string>>[]): Span => ({
  ...{ traceId: "t1", spanId: "a", name: "CONNECT", kind: "Client", resource: "web", startUs: 0, durationUs: 10, status: "Error", attributes: {}, links: [] },
  ...(statusMessage && { statusMessage }),
  events: events.map((attributes) => ({ name: "exception", atUs: 5, attributes })),
});
const thrown = { "exception.type": "PostgresException", "exception.message": "57P03: it is starting up", "exception.stacktrace": "PostgresException: 57P03\n   at Open()" };

describe("a span that failed", () => {
  it("says what its exception says, where the status is only a code of it", () => {
    expect(whatFailed(failed("57P03", thrown))).toBe("57P03: it is starting up");
    expect(whatFailed(failed("No luck.", thrown))).toBe("No luck.");
    expect(whatFailed(failed(undefined, thrown))).toBe("57P03: it is starting up");
    expect(whatFailed(failed(undefined))).toBe("This span ended with an error.");
  });

  it("shows each exception once, with its stack if it has one", () => {
    expect(exceptionsOf(failed("x", thrown, { "exception.type": "Lost" }, { note: "no exception" }))).toEqual([thrown["exception.stacktrace"], "Lost"]);
    expect(exceptionsOf(failed("x", { "exception.type": "Lost", "exception.message": "gone" }))).toEqual(["Lost: gone"]);
    expect(withoutStack({ ...thrown, tries: 2 })).toEqual({ "exception.type": "PostgresException", "exception.message": "57P03: it is starting up", tries: 2 });
  });
});
