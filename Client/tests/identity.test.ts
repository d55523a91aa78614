import { expect, test } from "vitest";
import { ProblemError } from "../src/index.js";
import { ScriptedServer } from "./scriptedServer.js";

const credentials = { userName: "ada", password: "correct horse battery" };

test("a wrong password is sent once, and the guest stays who it is", async () => {
  const server = new ScriptedServer();
  server.instead("POST /me/sign-in", { status: 401, body: { title: "Wrong." } });

  await expect(server.api.signIn(credentials)).rejects.toBeInstanceOf(ProblemError);

  expect(server.count("POST /me/sign-in")).toBe(1);
  expect(server.count("GET /me")).toBe(1);
});

test("whoever signs up is first a guest, and afterwards nobody is asked again", async () => {
  const server = new ScriptedServer();
  const user = { id: "019c0000-0000-7000-8000-000000000001", kind: "user", name: "ada" };
  server.instead("POST /me/sign-up", { status: 200, body: user });

  expect(await server.api.signUp(credentials)).toEqual(user);

  expect(await server.api.identify()).toEqual(user);
  expect(server.calls).toEqual(["GET /me", "POST /me/sign-up"]);
});

test("a device that joins is from then on who opened the code", async () => {
  const server = new ScriptedServer();
  const owner = { id: "019c0000-0000-7000-8000-000000000002", kind: "guest" };
  server.instead("POST /me/pair", { status: 200, body: owner });

  expect(await server.api.pair("7Q4M-0ZKX-9D2C-W8TB", false)).toEqual(owner);
  expect(await server.api.identify()).toEqual(owner);
});

test("a browser that is just becoming somebody else waits for it instead of being made a new guest", async () => {
  const server = new ScriptedServer();
  await server.api.identify();
  server.instead("GET /requests", { status: 401, body: { title: "Nobody." } });
  server.instead("GET /me", { status: 503, body: { title: "Just a moment." }, headers: { "Retry-After": "2" } });

  await expect(server.api.list(50)).rejects.toMatchObject({ problem: { status: 503 }, retryAfterMs: 2000 });
  expect((await server.api.list(50)).requests).toEqual([]);
});
