/** The resources of the mock, and what they do with their processor. */

const started = Date.now() - 9 * 60_000;

const server = (name, type, port, waitsFor = []) => ({
  ...{ name, type, state: "Running", health: "Healthy", urls: [{ name: "tcp", url: `tcp://localhost:${port}` }], references: [], waitsFor, hidden: false },
  commands: commandsIn("Running"),
  instances: [instance(name, 4100 + port % 97, `localhost:${port}`)],
});
const project = (name, replicas, references, waitsFor, port) => ({
  ...{ name, type: "Project", state: "Running", health: "Healthy", urls: [{ name: "http", url: `http://localhost:${port}` }], references, waitsFor, hidden: false },
  commands: commandsIn("Running"),
  instances: Array.from({ length: replicas }, (_, index) => instance(replicas > 1 ? `${name}-${index + 1}` : name, 4200 + port % 89 + index, `http://localhost:${port + 100 + index}`)),
});

function commandsIn(state) {
  if (state === "Waiting" || state === "Exited" || state === "FailedToStart") return ["start", "stop"];
  return { Starting: ["stop", "restart", "kill"], Running: ["stop", "restart", "kill"], Finished: ["start"] }[state] ?? [];
}

function instance(id, processId, url) {
  return { id, state: "Running", commands: commandsIn("Running"), health: "Healthy", processId, restarts: 0, startedAt: new Date(started).toISOString(), readyAfterMs: 900 + processId % 4000, ...(url && { url }) };
}

export const resources = [
  server("postgres", "Postgres", 40001),
  { ...server("feedback", "PostgresDatabase", 40001, ["postgres"]), references: ["postgres"], commands: [], instances: [{ ...instance("feedback", 0), processId: undefined, url: undefined, commands: [] }] },
  server("redis", "Redis", 40002),
  server("messaging", "RabbitMQ", 40003),
  project("web", 2, ["feedback", "redis", "messaging"], ["feedback"], 5100),
  project("backend", 2, ["messaging", "web"], ["messaging"], 5201),
  project("payment", 1, ["messaging", "web"], ["messaging"], 5202),
  project("stock", 1, ["messaging", "web"], ["messaging"], 5203),
  project("shipping", 1, ["messaging", "web"], ["messaging"], 5204),
];
resources.at(-1).instances[0] = { ...resources.at(-1).instances[0], health: "Unhealthy", restarts: 3, reason: "GET /health answered 503: the broker cannot be reached." };
resources.at(-1).health = "Unhealthy";
const crashed = resources.find(({ name }) => name === "stock");
Object.assign(crashed.instances[0], { state: "Exited", health: undefined, processId: undefined, restarts: 7, exitCode: 134, commands: commandsIn("Exited"), reason: "It ended with exit code 134 and is started again in 15 s." });
Object.assign(crashed, { state: "Exited", health: undefined, commands: commandsIn("Exited") });

export const instances = () => resources.flatMap((resource) => resource.instances.map((one) => ({ ...one, resource })));

export function usage() {
  const now = Date.now() / 9000;
  return Object.fromEntries(
    instances()
      .filter(({ state, processId }) => state === "Running" && processId)
      .map(({ id, processId }) => [id, { cpu: Math.max(0.002, 0.12 + 0.1 * Math.sin(now + processId) + 0.05 * Math.random()), memoryBytes: 60e6 + (processId % 50) * 3e6 + 4e6 * Math.sin(now / 3 + processId) }]),
  );
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes its time, as processes do. */
export async function command(name, what, changed) {
  const found = resources.filter((resource) => resource.name === name || resource.instances.some(({ id }) => id === name));
  if (found.length === 0) return { success: false, message: `There is no resource ${name}.` };
  const resource = found[0];
  const set = (state) => {
    for (const one of resource.instances) if (resource.name === name || one.id === name) Object.assign(one, { state, commands: commandsIn(state), health: state === "Running" ? "Healthy" : undefined, reason: undefined });
    resource.state = resource.instances.some((one) => one.state === "Running") ? "Running" : state;
    resource.health = resource.state === "Running" ? "Healthy" : undefined;
    resource.commands = ["start", "stop", "restart", "kill"].filter((one) => resource.instances.some(({ commands }) => commands.includes(one)));
    changed();
  };
  if (name === "redis" && what === "stop") return { success: false, message: "redis did not stop within 10 s; it was left as it is." };
  set(what === "start" ? "Starting" : "Stopping");
  await wait(1200);
  if (what !== "stop") set("Starting"), await wait(900);
  set(what === "stop" ? "Finished" : "Running");
  return { success: true };
}

export function environment(resource, revealed) {
  const all = [
    ["ASPNETCORE_ENVIRONMENT", "Development"],
    ["ASPNETCORE_URLS", resource.instances[0]?.url ?? "http://localhost:5000"],
    ["ConnectionStrings__feedback", "Host=localhost;Port=40001;Username=postgres;Password=kT3vX9;Database=feedback", true],
    ["ConnectionStrings__messaging", "amqp://guest:xR77y@localhost:40003", true],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:15101"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "x-otlp-api-key=8d1f", true],
    ["OTEL_RESOURCE_ATTRIBUTES", `service.instance.id=${resource.name}-1`],
    ["OTEL_SERVICE_NAME", resource.name],
    ["services__web__http__0", "http://localhost:5100"],
  ];
  return all.map(([name, value, secret = false]) => ({ name, secret, ...(secret && !revealed.includes(name) ? {} : { value }) }));
}
