import type { Instrument } from "../api/wire.js";
import { useFilter } from "../routing/useRoute.js";

interface Props {
  readonly instrument: Instrument;
  readonly group: string | undefined;
  readonly filters: readonly string[];
}

export function Dimensions({ instrument: { dimensions }, group, filters }: Props) {
  const filter = useFilter();
  if (dimensions.length === 0) return null;
  const choose = (key: string, value: string) => {
    const others = filters.filter((one) => !one.startsWith(`${key}:`));
    filter({ filter: value === "" ? others : [...others, `${key}:${value}`] });
  };
  return (
    <div className="filters dimensions">
      <label>
        Split by
        <select className="select" value={group ?? ""} onChange={(event) => filter({ group: event.target.value })}>
          <option value="">nothing</option>
          {dimensions.map(({ key }) => (
            <option key={key}>{key}</option>
          ))}
        </select>
      </label>
      {dimensions.map(({ key, values }) => (
        <label key={key}>
          {key}
          <select className="select" value={filters.find((one) => one.startsWith(`${key}:`))?.slice(key.length + 1) ?? ""} onChange={(event) => choose(key, event.target.value)}>
            <option value="">all</option>
            {values.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}
