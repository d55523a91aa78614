import { describe, expect, it, vi } from "vitest";
import { UnreachableError } from "../src/index.js";
import { milliseconds } from "../src/http/answer.js";
import { Api } from "../src/http/api.js";

describe("a server with a prefix before its routes", () => {
  it("is asked for the next page where the first one was", async () => {
    const asked: string[] = [];
    const api = new Api({
      baseUrl: "https://shop.example/work",
      fetch: (input) => {
        asked.push(String(input));
        const headers = { "Content-Type": "application/json", Link: '</work/requests?limit=2&cursor=abc>; rel="next"' };
        return Promise.resolve(new Response(JSON.stringify({ id: "1", kind: "user", requests: [] }), { headers }));
      },
    });

    const { next } = await api.list(2);
    await api.list(2, undefined, next);

    expect(asked.filter((url) => !url.endsWith("/me"))).toEqual([
      "https://shop.example/work/requests?limit=2",
      "https://shop.example/work/requests?limit=2&cursor=abc",
    ]);
  });
});

describe("Retry-After", () => {
  it.each([["10", 10_000], ["0", 0], ["Thu, 01 Jan 2026 00:00:30 GMT", 30_000], ["Thu, 01 Jan 2025 00:00:00 GMT", 0], ["99999999999", 86_400_000], ["soon", undefined], ["", undefined]])(
    "%s is a time to wait", (value, expected) => {
      vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
      expect(milliseconds(value)).toBe(expected);
      vi.useRealTimers();
    },
  );
});

describe("a signal", () => {
  it("ends every call at once, also one that waits to know who is here", async () => {
    const api = new Api({ fetch: () => new Promise(() => {}) });
    const stop = new AbortController();
    const calls = [api.list(1, stop.signal), api.identify(stop.signal), api.signIn({ userName: "a", password: "b" }, stop.signal), api.read("1", stop.signal)];
    stop.abort();
    expect((await Promise.allSettled(calls)).map((call) => call.status === "rejected" && (call.reason as Error).name)).toEqual(Array(4).fill("AbortError"));
  });
});

describe("a change of identity without an answer", () => {
  it("has the server asked again who is here", async () => {
    let asked = 0;
    const api = new Api({
      fetch: (input) => (String(input) === "/me" ? Promise.resolve(new Response(JSON.stringify({ id: String(++asked), kind: "guest" }))) : Promise.reject(new TypeError("cut off"))),
    });
    await expect(api.signIn({ userName: "a", password: "b" })).rejects.toBeInstanceOf(UnreachableError);
    expect((await api.identify()).id).toBe("2");
  });
});
