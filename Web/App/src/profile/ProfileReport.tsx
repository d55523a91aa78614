import { count, number, percent } from "../format.js";
import { Distribution } from "./Distribution.js";
import { type Column, type Profile, show, type Value } from "./profile.js";

export function ProfileReport({ profile }: { readonly profile: Profile }) {
  const { rows, columns, notes } = profile;
  const missing = columns.reduce((sum, column) => sum + column.missing, 0);
  return (
    <section className="report" aria-labelledby="report-title">
      <div className="report-head">
        <h2 id="report-title">Profile</h2>
        <p>
          {count(rows, "row")} · {count(columns.length, "column")} · {missing === 0 ? "no empty cells" : `${percent(missing, rows * columns.length)} of the cells empty`}
        </p>
      </div>
      {notes && notes.length > 0 && (
        <ul className="notes" aria-label="Notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      {/* The roles are spelled out because narrow screens lay the table out as cards, and browsers then forget that it is one. */}
      <table className="profile" role="table" aria-labelledby="report-title">
        <thead role="rowgroup">
          <tr role="row">
            <th role="columnheader" scope="col">Column</th>
            <th role="columnheader" scope="col">Filled</th>
            <th role="columnheader" scope="col" className="num">Distinct</th>
            <th role="columnheader" scope="col">Range</th>
            <th role="columnheader" scope="col">Distribution</th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {columns.map((column, index) => (
            <ColumnRow key={index} column={column} rows={rows} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ColumnRow({ column, rows }: { readonly column: Column; readonly rows: number }) {
  const { name, type, count: filled, distinct, distinctIsEstimate, mean } = column;
  return (
    <tr role="row">
      <th role="rowheader" scope="row">
        <span className="column-name">{name || "(no name)"}</span>
        <span className="type">{type}</span>
      </th>
      <td role="cell" data-label="Filled">
        <span className="filled">
          {percent(filled, rows)}
          <span className="filled-bar" aria-hidden="true">
            <span style={{ width: `${rows === 0 ? 0 : (filled / rows) * 100}%` }} />
          </span>
        </span>
      </td>
      <td role="cell" data-label="Distinct" className="num">
        {distinctIsEstimate && <abbr title="estimated">≈</abbr>}
        {number(distinct)}
      </td>
      <td role="cell" data-label="Range" className="range">
        <Range column={column} />
        {mean != null && <span className="mean">mean {number(mean)}</span>}
      </td>
      <td role="cell" data-label="Distribution" className="chart">
        <Distribution column={column} />
      </td>
    </tr>
  );
}

function Range({ column: { min, max } }: { readonly column: Column }) {
  if (min == null || max == null) return <span className="none">–</span>;
  if (min === max) return <Bound value={min} />;
  return (
    <span className="bounds">
      <Bound value={min} /> <span className="to">to</span> <Bound value={max} />
    </span>
  );
}

function Bound({ value }: { readonly value: Value }) {
  return (
    <span className="bound" title={String(value)}>
      {show(value)}
    </span>
  );
}
