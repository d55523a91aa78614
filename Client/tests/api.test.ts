import { describe, expect, it } from "vitest";
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
