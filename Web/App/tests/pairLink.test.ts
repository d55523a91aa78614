import { expect, test } from "vitest";
import { codeOf } from "../src/identity/pairLink.js";

test("a link to pair with carries a code, and nothing else does", () => {
  expect(codeOf("#pair=7Q4M-0ZKX-9D2C-W8TB")).toBe("7Q4M-0ZKX-9D2C-W8TB");
  expect(codeOf("#019c0000-0000-7000-8000-0000000000ff")).toBeUndefined();
  expect(codeOf("#pair=")).toBeUndefined();
  expect(codeOf("#pair=<b>")).toBeUndefined();
  expect(codeOf(`#pair=${"A".repeat(65)}`)).toBeUndefined();
});
