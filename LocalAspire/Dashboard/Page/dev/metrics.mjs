const instrument = (resource, meter, name, type, unit, description, dimensions = []) => ({ resource, meter, name, type, unit, description, dimensions });

export const instruments = ["web", "backend"].flatMap((resource) => [
  instrument(resource, "System.Runtime", "dotnet.gc.collections", "Counter", "{collection}", "Collections since the start of the process.", [{ key: "gc.heap.generation", values: ["gen0", "gen1", "gen2"] }]),
  instrument(resource, "System.Runtime", "dotnet.process.memory.working_set", "UpDownCounter", "By", "Physical memory mapped to the process."),
  instrument(resource, "Microsoft.AspNetCore.Hosting", "http.server.request.duration", "Histogram", "s", "Duration of HTTP server requests.", [
    { key: "http.route", values: ["/requests", "/requests/{id}", "/me"] },
    { key: "http.response.status_code", values: ["200", "202", "404"] },
  ]),
  instrument(resource, "Microsoft.AspNetCore.Hosting", "http.server.active_requests", "UpDownCounter", "{request}", "Requests in progress."),
]);

export function series({ resource, name, group, filters, from, to, points }) {
  const found = instruments.find((one) => one.resource === resource && one.name === name);
  const names = group ? (found.dimensions.find(({ key }) => key === group)?.values ?? []).filter((value) => filters.every((one) => !one.startsWith(`${group}:`) || one === `${group}:${value}`)) : [undefined];
  return {
    ...{ unit: found.unit, type: found.type, from: new Date(from).toISOString(), to: new Date(to).toISOString() },
    series: names.map((label, index) => ({
      labels: label === undefined ? {} : { [group]: label },
      points: Array.from({ length: points }, (_, step) => {
        const t = from + ((step + 0.5) / points) * (to - from);
        const at = new Date(t).toISOString();
        if (step > 30 && step < 36) return { at };
        const wave = 1 + 0.6 * Math.sin(t / 20_000 + index * 2) + 0.3 * Math.sin(t / 3000);
        if (found.type === "Histogram") return { at, count: Math.round(20 * wave), sum: wave, p50: 0.004 * wave + index * 0.002, p90: 0.018 * wave + index * 0.004, p99: 0.09 * wave + index * 0.01 };
        return { at, value: found.unit === "By" ? 9e7 + 2e7 * wave : 3 * wave * (index + 1) };
      }),
    })),
  };
}
