import { useEffect, useState } from "react";
import { ageOf, ages, type Filters, statuses } from "./filters.js";

const typingMs = 350;

interface Props {
  readonly filters: Filters;
  readonly change: (change: Partial<Filters>) => void;
  readonly kinds: readonly string[];
}

export function FilterForm({ filters, change, kinds }: Props) {
  const age = ageOf(filters);
  const choices = ages.includes(age) ? ages : [...ages, age];
  return (
    <form className="filters" role="search" aria-label="Filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Status
        <select
          value={filters.stalled ? "stalled" : filters.status}
          onChange={({ target }) => change(target.value === "stalled" ? { stalled: true, status: "" } : { stalled: false, status: target.value as Filters["status"] })}
        >
          <option value="">Any</option>
          {statuses.map((status) => (
            <option key={status} value={status}>
              {status === "InputRequired" ? "Asks a question" : status}
            </option>
          ))}
          <option value="stalled">Stalled</option>
        </select>
      </label>
      <label>
        Accepted
        <select value={choices.indexOf(age)} onChange={({ target }) => change({ minAge: choices[Number(target.value)]?.minAge ?? "", maxAge: choices[Number(target.value)]?.maxAge ?? "" })}>
          {choices.map(({ label }, index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <TextFilter label="Kind" value={filters.kind} list="kinds" onChange={(kind) => change({ kind })} />
      <datalist id="kinds">
        {kinds.map((kind) => (
          <option key={kind} value={kind} />
        ))}
      </datalist>
      <TextFilter label="Owner" value={filters.owner} pattern="[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}" hint="The id of an owner, whole" onChange={(owner) => change({ owner })} />
      <TextFilter label="Text in the error" value={filters.error} onChange={(error) => change({ error })} />
    </form>
  );
}

interface TextProps {
  readonly label: string;
  readonly value: string;
  readonly list?: string;
  readonly pattern?: string;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
}

/** Takes effect when the typing pauses, and only what can be searched for. */
function TextFilter({ label, value, list, pattern, hint, onChange }: TextProps) {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const isFit = pattern === undefined || typed.trim() === "" || new RegExp(`^${pattern}$`).test(typed.trim());
  useEffect(() => {
    if (typed.trim() === value || !isFit) return;
    const timer = setTimeout(() => onChange(typed.trim()), typingMs);
    return () => clearTimeout(timer);
  }, [typed, value, isFit, onChange]);
  return (
    <label>
      {label}
      <input
        type="search"
        value={typed}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={!isFit}
        title={isFit ? undefined : hint}
        {...(list ? { list } : {})}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  );
}
