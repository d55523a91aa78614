import { levels } from "../api/wire.js";
import { FilterText } from "../lists/FilterText.js";
import { ResourcePicker } from "../lists/ResourcePicker.js";
import { useFilter, useRoute } from "../routing/useRoute.js";
import { Chip } from "../shell/Chip.js";

/** As the address of the page and of the call have them. */
export const logFilters = ["resource", "level", "text", "traceId", "spanId", "requestId", "category", "instance"] as const;

const chips: readonly (readonly [(typeof logFilters)[number], string])[] = [
  ["traceId", "Trace"],
  ["spanId", "Span"],
  ["requestId", "Request"],
  ["category", "Category"],
  ["instance", "Instance"],
];

export function LogFilters() {
  const { query } = useRoute();
  const filter = useFilter();
  return (
    <div className="filters" role="search" aria-label="Filter the logs">
      <ResourcePicker />
      <select className="select" aria-label="Level" value={query.get("level") ?? ""} onChange={(event) => filter({ level: event.target.value })}>
        <option value="">All levels</option>
        {levels.slice(1).map((level) => (
          <option key={level} value={level}>
            {level === "Critical" ? level : `${level} and worse`}
          </option>
        ))}
      </select>
      <FilterText name="text" label="Text in the logs" />
      {chips.map(([name, label]) => (
        <Chip key={name} name={name} label={label} />
      ))}
    </div>
  );
}
