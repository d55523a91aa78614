// The kind "echo" in Node.js, by docs/protocol.md alone: node echo.mjs amqp://user:password@host
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import amqp from "amqplib";

const connection = await amqp.connect(process.argv[2]);
const reports = await connection.createConfirmChannel();
const running = new Map();

/** Resolves when the broker has it. What is copied from the work says which request, attempt and trace this is about. */
function report({ properties }, run, type, body) {
  const { "feedback-files": _, ...headers } = properties.headers;
  return new Promise((resolve, reject) => {
    const options = {
      correlationId: properties.correlationId, messageId: randomUUID(), type, contentType: "application/json",
      persistent: true, headers: { ...headers, "feedback-run": run },
    };
    reports.publish("feedback.reports", "reports", Buffer.from(JSON.stringify(body)), options, (error) => (error ? reject(error) : resolve()));
  });
}

async function work(message) {
  const run = randomUUID();
  const stop = new AbortController();
  running.set(message.properties.correlationId, stop);
  const heartbeat = setInterval(() => report(message, run, "heartbeat", {}), 10_000);
  try {
    const { payload } = JSON.parse(message.content);
    const steps = payload.steps ?? 0;
    await report(message, run, "report", { worker: `node/${process.pid}`, started: { endpoint: "echo", redelivered: message.fields.redelivered } });
    for (let step = 1; step <= steps; step++) {
      await pause((payload.delayMs ?? 0) / steps, undefined, { signal: stop.signal });
      await report(message, run, "report", { progress: { sequence: step, percent: (100 * step) / steps, message: `Step ${step} of ${steps} in Node.js` } });
    }
    if ((message.properties.headers["feedback-attempt"] ?? 1) <= (payload.failTimes ?? 0)) throw new Error("It failed as it was told to.");
    await report(message, run, "report", { outcome: { type: "succeeded", result: { text: payload.text } } });
  } catch (error) {
    const failed = { type: "failed", error: { type: "/problems/echo-failed", title: error.message } };
    await report(message, run, "report", { outcome: stop.signal.aborted ? { type: "canceled" } : failed });
  } finally {
    clearInterval(heartbeat);
    running.delete(message.properties.correlationId);
  }
}

const control = await connection.createChannel();
await control.prefetch(100);
await control.consume("control", (message) => {
  running.get(message.properties.correlationId)?.abort();
  control.ack(message);
}, { arguments: { "x-stream-offset": "next" } });
const requests = await connection.createChannel();
await requests.prefetch(8);
await requests.consume("requests.echo", (message) => void work(message).then(() => requests.ack(message)));
console.log("taking echo");
