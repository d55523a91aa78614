import { useEffect, useRef, useState } from "react";
import { onScale, shortTime, withUnit } from "../format.js";
import { highest, type Line } from "./lines.js";
import { clockTicks, linePath, nearest, valueTicks } from "./scales.js";

interface Props {
  readonly lines: readonly Line[];
  readonly from: number;
  readonly to: number;
  readonly unit: string | undefined;
  readonly label: string;
  readonly height: number;
}

const left = 64;
const bottom = 24;
const topRoom = 8;

/** The table beside it says the same to those who cannot see it. */
export function Chart({ lines, from, to, unit, label, height }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(600);
  const [pointed, setPointed] = useState<number>();
  useEffect(() => {
    if (frame.current === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(200, entry?.contentRect.width ?? 600)));
    observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);

  const values = lines.flatMap(({ dots }) => dots.flatMap(({ v }) => (v === undefined ? [] : [v])));
  const ticks = valueTicks(values.length === 0 ? [0] : [Math.max(...lines.map(highest)), Math.min(...values)]);
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const x = (t: number) => left + ((t - from) / Math.max(1, to - from)) * (width - left - 8);
  const y = (v: number) => topRoom + (1 - (v - low) / (high - low || 1)) * (height - topRoom - bottom);
  const moments = lines[0]?.dots.map(({ t }) => t) ?? [];
  const at = pointed === undefined ? -1 : nearest(moments, pointed);
  const moment = moments[at];
  return (
    <div
      ref={frame}
      className="chart"
      onPointerMove={(event) => setPointed(from + ((event.clientX - event.currentTarget.getBoundingClientRect().left - left) / (width - left - 8)) * (to - from))}
      onPointerLeave={() => setPointed(undefined)}
    >
      <svg width={width} height={height} role="img" aria-label={label}>
        {ticks.map((tick) => (
          <g key={tick}>
            <line className="grid" x1={left} x2={width - 8} y1={y(tick)} y2={y(tick)} />
            <text className="tick" x={left - 8} y={y(tick) + 4} textAnchor="end">
              {onScale(withUnit(tick, unit))}
            </text>
          </g>
        ))}
        {clockTicks(from, to, Math.max(2, width / 110))
          .filter((tick) => x(tick) < width - 30)
          .map((tick) => (
          <text key={tick} className="tick" x={x(tick)} y={height - 6} textAnchor="middle">
            {shortTime(tick)}
          </text>
        ))}
        {lines.map((line, index) => (
          <path key={line.label} className={`line line-${index}`} d={linePath(line.dots, x, y)} />
        ))}
        {moment !== undefined && <line className="crosshair" x1={x(moment)} x2={x(moment)} y1={topRoom} y2={height - bottom} />}
        {moment !== undefined &&
          lines.map((line, index) => {
            const value = line.dots[at]?.v;
            return value === undefined ? null : <circle key={line.label} className={`dot line-${index}`} cx={x(moment)} cy={y(value)} r="3.5" />;
          })}
      </svg>
      {moment !== undefined && (
        <div className={`chart-tip ${x(moment) > width / 2 ? "to-left" : ""}`} style={{ left: x(moment) }} aria-hidden="true">
          <b>{shortTime(moment)}</b>
          {lines.map((line, index) => (
            <span key={line.label}>
              <i className={`key line-${index}`} />
              {line.label} <b>{line.dots[at]?.v === undefined ? "–" : withUnit(line.dots[at].v, unit)}</b>
            </span>
          ))}
        </div>
      )}
    </div>
  );
}
