import { shortTime, withUnit } from "../format.js";
import type { Line } from "./lines.js";

/** The newest first; moments at which nothing is known are left out. */
export function SeriesTable({ lines, unit }: { readonly lines: readonly Line[]; readonly unit: string | undefined }) {
  const moments = (lines[0]?.dots ?? []).map(({ t }, index) => ({ t, index })).filter(({ index }) => lines.some(({ dots }) => dots[index]?.v !== undefined));
  return (
    // What scrolls must be reachable by keyboard.
    <div className="table-frame series-table" tabIndex={0} role="group" aria-label="The values">
      <table>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {lines.map(({ label }) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {moments.reverse().map(({ t, index }) => (
            <tr key={t}>
              <th scope="row">{shortTime(t)}</th>
              {lines.map(({ label, dots }) => {
                const value = dots[index]?.v;
                return <td key={label}>{value === undefined ? "–" : withUnit(value, unit)}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
