import { useLive } from "../api/useLive.js";
import { useFilter, useRoute } from "../routing/useRoute.js";

export function ResourcePicker({ known = [] }: { readonly known?: readonly string[] }) {
  const { query } = useRoute();
  const filter = useFilter();
  const resources = useLive((now) => now.resources) ?? [];
  const chosen = query.get("resource") ?? "";
  const names = [...new Set([...resources.map(({ name }) => name), ...known, ...(chosen ? [chosen] : [])])];
  return (
    <select className="select" aria-label="Resource" value={chosen} onChange={(event) => filter({ resource: event.target.value })}>
      <option value="">All resources</option>
      {names.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
