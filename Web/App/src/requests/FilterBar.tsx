import type { RequestView } from "aspire-feedback";
import { usePage, useStore } from "../client.js";
import { countGroups, type Filter, groups } from "./filter.js";

interface Props {
  readonly requests: readonly RequestView[];
  readonly filter: Filter;
  readonly onChange: (filter: Filter) => void;
}

export function FilterBar({ requests, filter, onChange }: Props) {
  const seen = useStore(usePage().seen);
  const counts = countGroups(requests, seen);
  return (
    <search className="filter">
      <input
        type="search"
        aria-label="Search your requests"
        placeholder="Search"
        value={filter.text}
        onChange={(event) => onChange({ ...filter, text: event.target.value })}
      />
      <div className="chips" role="group" aria-label="Show">
        {groups.map(({ group, label }) =>
          // What is empty is left out, unless it is what the person looks at.
          counts[group] > 0 || group === filter.group ? (
            <button key={group} type="button" className={`chip is-${group}`} aria-pressed={group === filter.group} onClick={() => onChange({ ...filter, group })}>
              {label} <span className="chip-count">{counts[group]}</span>
            </button>
          ) : null,
        )}
      </div>
    </search>
  );
}
