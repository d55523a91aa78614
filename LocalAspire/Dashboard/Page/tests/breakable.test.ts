import { expect, it } from "vitest";
import { pieces } from "../src/shell/Breakable.js";

it("long names break after their separators and before humps, and lose nothing", () => {
  expect(pieces("messaging.rabbitmq.routing_key")).toEqual(["messaging.", "rabbitmq.", "routing_", "key"]);
  expect(pieces("HealthCheckDescription")).toEqual(["Health", "Check", "Description"]);
  expect(pieces("ConnectionStrings__feedback")).toEqual(["Connection", "Strings__", "feedback"]);
  expect(pieces("http")).toEqual(["http"]);
});
