import { shortTime } from "../format.js";
import { ranges, timeWindow } from "../routing/timeWindow.js";
import { useFilter, useRoute } from "../routing/useRoute.js";

export function RangePicker() {
  const { query } = useRoute();
  const filter = useFilter();
  const fixed = query.get("from") || query.get("to") ? timeWindow(query, 0) : undefined;
  const words = fixed && [fixed.from && shortTime(fixed.from), fixed.to && shortTime(fixed.to)].map((time) => time ?? "…").join(" – ");
  return (
    <select
      className="select"
      aria-label="Time range"
      value={fixed ? "fixed" : (query.get("range") ?? "")}
      onChange={(event) => filter({ range: event.target.value, from: "", to: "" })}
    >
      {fixed && <option value="fixed">{words}</option>}
      {ranges.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
