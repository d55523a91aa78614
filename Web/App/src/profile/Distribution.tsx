import { count, number, percent } from "../format.js";
import { type Bin, type Column, show, type TopValue } from "./profile.js";

export function Distribution({ column }: { readonly column: Column }) {
  const { histogram, top, count: filled, distinct } = column;
  if (histogram && histogram.length > 0) return <Histogram bins={histogram} name={column.name} />;
  if (top && top.length > 0 && (top[0]?.count ?? 0) > 1) return <TopValues values={top} filled={filled} distinct={distinct} />;
  return <span className="none">{filled > 0 && distinct === filled ? "all different" : "–"}</span>;
}

const width = 180;
const height = 40;

function Histogram({ bins, name }: { readonly bins: readonly Bin[]; readonly name: string }) {
  const most = bins.reduce((best, bin) => (bin.count > best.count ? bin : best));
  const step = width / bins.length;
  return (
    <svg
      className="histogram"
      viewBox={`0 0 ${width} ${height + 1}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`Distribution of ${name}: most values, ${number(most.count)}, from ${show(most.from)} to ${show(most.to)}`}
    >
      {bins.map((bin, index) => {
        // A few among many are still a visible line.
        const tall = bin.count === 0 ? 0 : Math.max(1.5, (bin.count / most.count) * height);
        return (
          <rect key={index} x={index * step + 0.75} y={height - tall} width={Math.max(1, step - 1.5)} height={tall}>
            <title>{`${show(bin.from)} to ${show(bin.to)}: ${count(bin.count, "row")}`}</title>
          </rect>
        );
      })}
      <line x1="0" x2={width} y1={height + 0.5} y2={height + 0.5} />
    </svg>
  );
}

function TopValues({ values, filled, distinct }: { readonly values: readonly TopValue[]; readonly filled: number; readonly distinct: number }) {
  const shown = values.slice(0, 3);
  const most = shown[0]?.count ?? 1;
  return (
    <ul className="top">
      {shown.map(({ value, count: times }) => (
        <li key={value}>
          <span className="top-bar" style={{ width: `${(times / most) * 100}%` }} aria-hidden="true" />
          <span className="top-value" title={value}>
            {value}
          </span>
          <span className="top-share">{percent(times, filled)}</span>
        </li>
      ))}
      {distinct > shown.length && <li className="top-rest">and {count(distinct - shown.length, "other")}</li>}
    </ul>
  );
}
